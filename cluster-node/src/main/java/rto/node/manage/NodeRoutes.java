package rto.node.manage;

import akka.actor.ExtendedActorSystem;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.management.javadsl.ManagementRouteProvider;
import akka.management.javadsl.ManagementRouteProviderSettings;
import java.util.List;

/** {@code /alive}, {@code /ready} and {@code /metrics}. */
public final class NodeRoutes extends AllDirectives implements ManagementRouteProvider {

  private final Readiness readiness;
  private final NodeMetrics metrics;

  /** As Akka Management makes it, whose setting names this class. */
  public NodeRoutes(ExtendedActorSystem system) {
    this.readiness = new Readiness(system);
    this.metrics = new NodeMetrics(system);
  }

  @Override
  public Route routes(ManagementRouteProviderSettings settings) {
    return get(
        () ->
            concat(
                path("alive", () -> complete(text(StatusCodes.OK, "alive\n"))),
                path("ready", this::ready),
                path("metrics", () -> complete(text(StatusCodes.OK, metrics.text())))));
  }

  private Route ready() {
    return completeWithFuture(readiness.missing().thenApply(NodeRoutes::ready));
  }

  private static HttpResponse ready(List<String> missing) {
    return missing.isEmpty()
        ? text(StatusCodes.OK, "ready\n")
        : text(StatusCodes.SERVICE_UNAVAILABLE, String.join("\n", missing) + "\n");
  }

  private static HttpResponse text(StatusCode status, String text) {
    return HttpResponse.create().withStatus(status).withEntity(ContentTypes.TEXT_PLAIN_UTF8, text);
  }
}
