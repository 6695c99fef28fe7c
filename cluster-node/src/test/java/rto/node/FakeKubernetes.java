package rto.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The part of Kubernetes' API that lists the pods of a namespace, on loopback: HTTPS with a
 * certificate of its own CA, for those alone who show the token.
 */
final class FakeKubernetes implements AutoCloseable {

  static final String NAMESPACE = "lab";
  static final String APP = "rto";

  private static final String PODS = "/api/v1/namespaces/" + NAMESPACE + "/pods";
  private static final String QUESTION = "labelSelector=app=" + APP;
  private static final String TOKEN = "who-i-am";

  private final HttpsServer server;
  private final Path ca;
  private final Path token;
  private final List<Integer> ports = new CopyOnWriteArrayList<>();
  private final List<String> refused = new CopyOnWriteArrayList<>();

  FakeKubernetes(Path folder) throws Exception {
    var made = new Certificates(folder);
    made.makeCa("kubernetes-ca");
    made.makeNode("kubernetes", "kubernetes-ca", "-ext", "san=ip:127.0.0.1,dns:localhost");
    ca = made.certificate("kubernetes-ca");
    token = Files.writeString(folder.resolve("token"), TOKEN);
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(made.keyStore("kubernetes"), Certificates.password());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext("/", this::answer);
    server.start();
  }

  /** A pod runs, at 127.0.0.1, whose port "management" is this one. */
  void run(int managementPort) {
    ports.add(managementPort);
  }

  /** What a pod has in its environment, and where its service account lies. */
  Map<String, String> environment() {
    String places =
        "-Dakka.discovery.kubernetes-api.api-ca-path=%s -Dakka.discovery.kubernetes-api.api-token-path=%s"
            .formatted(ca, token);
    return Map.of(
        "KUBERNETES_SERVICE_HOST",
        "127.0.0.1",
        "KUBERNETES_SERVICE_PORT",
        Integer.toString(server.getAddress().getPort()),
        "JAVA_TOOL_OPTIONS",
        places);
  }

  /** What it was asked and did not answer. */
  List<String> refused() {
    return List.copyOf(refused);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var uri = exchange.getRequestURI();
    boolean known =
        exchange.getRequestMethod().equals("GET")
            && uri.getPath().equals(PODS)
            && QUESTION.equals(uri.getQuery())
            && ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
    if (!known) {
      refused.add(exchange.getRequestMethod() + " " + uri);
    }
    byte[] body = (known ? pods() : "{}").getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(known ? 200 : 403, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String pods() throws IOException {
    var items = ports.stream().map(FakeKubernetes::pod).toList();
    return new ObjectMapper().writeValueAsString(Map.of("kind", "PodList", "items", items));
  }

  private static Map<String, Object> pod(Integer port) {
    var management = Map.of("name", "management", "containerPort", port, "protocol", "TCP");
    var container = Map.of("name", "rto", "ports", List.of(management));
    return Map.of(
        "metadata",
        Map.of("name", "rto-" + port, "labels", Map.of("app", APP)),
        "spec",
        Map.of("containers", List.of(container)),
        "status",
        Map.of("phase", "Running", "podIP", "127.0.0.1"));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
