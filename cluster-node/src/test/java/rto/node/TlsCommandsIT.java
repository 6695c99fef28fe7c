package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rto node} and {@code rto status} as processes that speak TLS. */
class TlsCommandsIT {

  @TempDir private Path folder;

  @Test
  void statusIsToldToWhoHasACertificateAndToNobodyElse() throws Exception {
    Certificates made = new Certificates(folder);
    made.makeCa("ca");
    made.makeNode("node", "ca");
    made.makeNode("user", "ca");
    int port = FreePort.next();
    List<String> node = new ArrayList<>(List.of("node", "--port", "" + port));
    node.addAll(List.of("--roles", "learner", "--data", folder.toString()));
    node.addAll(made.settings("node", "ca"));
    List<String> status = List.of("status", "--join", "127.0.0.1:" + port);

    try (Child first = Child.quiet(node)) {
      String tls = made.certificate("user") + "," + made.key("user") + "," + made.certificate("ca");
      List<String> withTls = new ArrayList<>(status);
      withTls.addAll(List.of("--tls", tls));
      Child answered = ended(withTls);
      while (answered.ended() != 0) {
        assertThat(first.isAlive()).as(first.said()).isTrue();
        answered = ended(withTls);
      }
      assertThat(answered.said()).contains("127.0.0.1:" + port);

      Child refused = ended(status);
      assertThat(refused.ended()).isEqualTo(1);
      assertThat(refused.said()).contains("cluster: no answer from 127.0.0.1:" + port);
      assertThat(first.isAlive()).isTrue();
    }
  }

  private static Child ended(List<String> arguments) throws IOException, InterruptedException {
    Child child = Child.quiet(arguments);
    child.ended();
    return child;
  }
}
