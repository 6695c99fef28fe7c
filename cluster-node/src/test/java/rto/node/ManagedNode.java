package rto.node;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import rto.node.settings.Settings;

/** A whole node in this JVM, and what it says over HTTP. */
record ManagedNode(NodeSettings settings, ActorSystem<Void> system) implements AutoCloseable {

  /** The test goes on when its node ends; a cluster is begun sooner than by careful nodes. */
  private static final String IN_A_TEST =
      """
      akka.coordinated-shutdown { exit-jvm = off, run-by-actor-system-terminate = off }
      akka.coordinated-shutdown.run-by-jvm-shutdown-hook = off
      akka.management.cluster.bootstrap.contact-point-discovery.stable-margin = 1 s
      """;

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /**
   * @param akka more of Akka's settings
   */
  static ManagedNode start(String akka, List<String> overrides) {
    var settings =
        Settings.load(Optional.empty(), overrides, NodeSettings.DEFAULTS, NodeSettings.class);
    var config = ConfigFactory.parseString(IN_A_TEST + akka).withFallback(NodeConfig.of(settings));
    return new ManagedNode(settings, ClusterNode.start(settings, config));
  }

  /** What it answers; status 0 if it does not. */
  Answer get(String path) {
    return ask("GET", path);
  }

  Answer ask(String method, String path) {
    return ask(settings.managementHost(), settings.management().port().orElseThrow(), method, path);
  }

  static Answer ask(String host, int port, String method, String path) {
    URI uri = URI.create("http://" + host + ":" + port + path);
    var request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
    try {
      var response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException nobody) {
      return new Answer(0, "");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  record Answer(int status, String body) {

    /** The value of a gauge without labels; empty if it is absent. */
    Optional<Double> gauge(String name) {
      return body.lines()
          .filter(line -> line.startsWith(name + " "))
          .map(line -> Double.valueOf(line.substring(name.length() + 1)))
          .findFirst();
    }
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }
}
