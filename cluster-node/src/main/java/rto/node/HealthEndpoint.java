package rto.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a supervisor and an autoscaler ask a node over HTTP. Paths and port are those of Akka
 * Management.
 *
 * <table>
 *   <caption>Answers</caption>
 *   <tr><td>/alive</td><td>200 while the process can answer at all</td></tr>
 *   <tr><td>/ready</td><td>200 if it may be sent work, else 503</td></tr>
 *   <tr><td>/metrics</td><td>gauges as Prometheus reads them</td></tr>
 * </table>
 *
 * One thread serves all of it: it never does what takes long, and compute cannot delay it.
 */
public final class HealthEndpoint implements AutoCloseable {

  /** Where Akka Management listens, too. */
  public static final int PORT = 8558;

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;

  private record Answer(int status, String text) {}

  private final HttpServer server;
  private final ExecutorService thread;

  private HealthEndpoint(HttpServer server, ExecutorService thread) {
    this.server = server;
    this.thread = thread;
  }

  /**
   * @param port 0 takes a free one
   * @param ready whether this node may be sent work; asked from the endpoint's own thread
   * @param gauges by their names for Prometheus; likewise
   * @throws IOException if the port cannot be had
   */
  public static HealthEndpoint start(
      String host, int port, BooleanSupplier ready, Supplier<Map<String, ? extends Number>> gauges)
      throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread named = new Thread(work, "health");
              named.setDaemon(true);
              return named;
            });
    server.setExecutor(thread);
    server.createContext("/", exchange -> send(exchange, answer(exchange, ready, gauges)));
    server.start();
    return new HealthEndpoint(server, thread);
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    thread.shutdown();
  }

  private static Answer answer(
      HttpExchange exchange,
      BooleanSupplier ready,
      Supplier<Map<String, ? extends Number>> gauges) {
    return switch (exchange.getRequestURI().getPath()) {
      case "/alive" -> new Answer(OK, "alive\n");
      case "/ready" ->
          ready.getAsBoolean()
              ? new Answer(OK, "ready\n")
              : new Answer(UNAVAILABLE, "not a member of the cluster yet, or about to leave it\n");
      case "/metrics" -> new Answer(OK, prometheus(gauges.get()));
      default -> new Answer(NOT_FOUND, "expected: /alive, /ready or /metrics\n");
    };
  }

  private static String prometheus(Map<String, ? extends Number> gauges) {
    return gauges.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(g -> "# TYPE %s gauge\n%1$s %s\n".formatted(g.getKey(), g.getValue()))
        .collect(Collectors.joining());
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.text().getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
