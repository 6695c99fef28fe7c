package rto.node.manage;

import akka.actor.ExtendedActorSystem;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.management.HealthCheckSettings;
import akka.management.javadsl.CheckResult;
import akka.management.javadsl.HealthChecks;
import akka.management.javadsl.ManagementRouteProvider;
import akka.management.javadsl.ManagementRouteProviderSettings;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** {@code /alive} and {@code /ready} by Akka's health checks, and {@code /metrics}. */
public final class NodeRoutes extends AllDirectives implements ManagementRouteProvider {

  private final HealthChecks checks;
  private final NodeMetrics metrics;

  /** As Akka Management makes it. */
  public NodeRoutes(ExtendedActorSystem system) {
    var config = system.settings().config().getConfig("akka.management.health-checks");
    this.checks = new HealthChecks(system, HealthCheckSettings.create(config));
    this.metrics = new NodeMetrics(system);
  }

  @Override
  public Route routes(ManagementRouteProviderSettings settings) {
    return get(
        () ->
            concat(
                path("alive", () -> health("alive", checks::aliveResult)),
                path("ready", () -> health("ready", checks::readyResult)),
                path("metrics", () -> complete(prometheus(metrics.text())))));
  }

  private Route health(String word, Supplier<CompletionStage<CheckResult>> check) {
    return completeWithFuture(
        check.get().handle((result, failure) -> answer(word, result, failure)));
  }

  private static HttpResponse answer(String word, CheckResult result, Throwable failure) {
    if (failure != null) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      return text(StatusCodes.SERVICE_UNAVAILABLE, cause.getMessage());
    }
    return result
        .failure()
        .map(which -> text(StatusCodes.SERVICE_UNAVAILABLE, "not " + word + ": " + which))
        .orElseGet(() -> text(StatusCodes.OK, word));
  }

  private static HttpResponse text(StatusCode status, String line) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(ContentTypes.TEXT_PLAIN_UTF8, line + "\n");
  }

  private static HttpResponse prometheus(String text) {
    var type = MediaTypes.TEXT_PLAIN.toContentType(akka.http.javadsl.model.HttpCharsets.UTF_8);
    return HttpResponse.create()
        .withEntity(HttpEntities.create(type, text.getBytes(StandardCharsets.UTF_8)));
  }
}
