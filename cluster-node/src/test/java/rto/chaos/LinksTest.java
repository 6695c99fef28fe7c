package rto.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rto.node.FreePort;

/** One caller, which is this process, and one node, which is this process, too. */
class LinksTest {

  private static final int SHORT = 100;

  private final Links links = new Links(() -> Map.of(ProcessHandle.current().pid(), "caller"));
  private Socket caller;
  private Socket callee;
  private ServerSocket node;

  @BeforeEach
  void connect() throws IOException {
    node = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    int address = FreePort.next();
    links.open("node", address, node.getLocalPort());
    caller = new Socket(InetAddress.getLoopbackAddress(), address);
    callee = node.accept();
    caller.setSoTimeout(10_000);
    callee.setSoTimeout(10_000);
  }

  @AfterEach
  void close() throws IOException {
    links.close();
    caller.close();
    callee.close();
    node.close();
  }

  @Test
  void bytesGoBothWays() throws IOException {
    caller.getOutputStream().write(1);
    callee.getOutputStream().write(2);

    assertThat(callee.getInputStream().read()).isEqualTo(1);
    assertThat(caller.getInputStream().read()).isEqualTo(2);
  }

  @Test
  void cutLinkHoldsWhatIsSentUntilItIsJoinedAgain() throws IOException {
    links.cut("node");
    caller.getOutputStream().write(1);
    callee.setSoTimeout(SHORT);
    assertThatThrownBy(() -> callee.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    callee.setSoTimeout(10_000);

    links.join("node");

    assertThat(callee.getInputStream().read()).isEqualTo(1);
  }

  @Test
  void callerIsKnownByItsProcessAndCanBeCutOffToo() throws IOException {
    links.cut("caller");
    caller.getOutputStream().write(1);
    callee.setSoTimeout(SHORT);

    assertThatThrownBy(() -> callee.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void callToANodeThatIsNotThereIsClosed() throws IOException {
    int address = FreePort.next();
    links.open("dead", address, FreePort.next());

    try (Socket lost = new Socket(InetAddress.getLoopbackAddress(), address)) {
      assertThat(lost.getInputStream().read()).isNegative();
    }
  }
}
