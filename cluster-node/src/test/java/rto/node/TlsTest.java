package rto.node;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that speak TLS, on loopback, in this JVM; and those who may not speak with them. */
class TlsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  // A node that may join is up within two; it asks again every second.
  private static final Duration STRANGERS_TRY = Duration.ofSeconds(5);

  @TempDir private static Path folder;
  private static Certificates made;

  private final List<LoopbackNode> nodes = new ArrayList<>();

  @BeforeAll
  static void makeCertificates() throws Exception {
    made = new Certificates(folder);
    made.makeCa("ca");
    made.makeCa("other-ca");
    made.makeNode("good", "ca");
    made.makeNode("stranger", "other-ca");
  }

  @AfterEach
  void close() {
    nodes.forEach(LoopbackNode::close);
  }

  @Test
  void nodesWithCertificatesOfOneCaFormACluster() {
    LoopbackNode first = node(made.settings("good", "ca")).begin();
    LoopbackNode second = joining(first, made.settings("good", "ca"));

    assertUp(first, first, second);
  }

  @Test
  void whoHasNoCertificateOfTheCaIsRefusedAndTheNodeLivesOn() throws Exception {
    LoopbackNode first = node(made.settings("good", "ca")).begin();
    assertUp(first, first);

    shakeHands(first, made.keyStore("good"));
    for (KeyStore stranger : List.of(made.keyStore("stranger"), nothing())) {
      // The second when the node hangs up while the stranger still speaks.
      assertThatThrownBy(() -> shakeHands(first, stranger))
          .isInstanceOfAny(SSLException.class, SocketException.class);
    }
    joining(first, made.settings("stranger", "other-ca"));
    joining(first, List.of());
    Awaiting.holds(STRANGERS_TRY, () -> first.up().equals(List.of(first.address())));

    LoopbackNode good = joining(first, made.settings("good", "ca"));
    assertUp(first, first, good);
  }

  private LoopbackNode node(List<String> tls) {
    LoopbackNode node = LoopbackNode.start(lost -> {}, tls);
    nodes.add(node);
    return node;
  }

  private LoopbackNode joining(LoopbackNode first, List<String> tls) {
    String join = "join=[\"" + first.address() + "\"]";
    return node(Stream.concat(Stream.of(join), tls.stream()).toList());
  }

  private static void assertUp(LoopbackNode seenBy, LoopbackNode... expected) {
    var addresses = Stream.of(expected).map(LoopbackNode::address).sorted().toList();
    Awaiting.becomes(PATIENCE, seenBy::up, addresses);
  }

  /** As a peer that believes the CA and shows what it has; the handshake ends in an exception. */
  private static void shakeHands(LoopbackNode node, KeyStore shown)
      throws IOException, GeneralSecurityException {
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(shown, Certificates.password());
    KeyStore believed = nothing();
    believed.setCertificateEntry("ca", made.keyStore().getCertificate("ca"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(believed);
    SSLContext context = SSLContext.getInstance("TLSv1.2");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), node.port())) {
      socket.startHandshake();
    }
  }

  private static KeyStore nothing() throws IOException, GeneralSecurityException {
    KeyStore empty = KeyStore.getInstance("PKCS12");
    empty.load(null, null);
    return empty;
  }
}
