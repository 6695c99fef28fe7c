package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HealthEndpointTest {

  private final AtomicBoolean ready = new AtomicBoolean();
  private HealthEndpoint endpoint;

  @BeforeEach
  void start() throws IOException {
    endpoint =
        HealthEndpoint.start(
            "127.0.0.1", 0, ready::get, () -> Map.of("rto_tasks_waiting", 7, "rto_members", 2));
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  @Test
  void processThatAnswersIsAlive() throws Exception {
    assertThat(get("/alive").statusCode()).isEqualTo(200);
  }

  @Test
  void nodeIsReadyWhenItSaysSo() throws Exception {
    assertThat(get("/ready").statusCode()).isEqualTo(503);
    ready.set(true);
    assertThat(get("/ready").statusCode()).isEqualTo(200);
  }

  @Test
  void gaugesAreReadByPrometheus() throws Exception {
    assertThat(get("/metrics").body())
        .isEqualTo(
            """
            # TYPE rto_members gauge
            rto_members 2
            # TYPE rto_tasks_waiting gauge
            rto_tasks_waiting 7
            """);
  }

  @Test
  void anythingElseIsNotFound() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/alive/../etc").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + endpoint.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }
}
