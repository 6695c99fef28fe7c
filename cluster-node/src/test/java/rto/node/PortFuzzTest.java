package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import rto.node.ForgedMessages.Forged;
import rto.protocol.TaskAccepted;
import rto.protocol.TaskId;

/** Whatever is sent to a node's port: it stays in its cluster, and nobody is missed. */
class PortFuzzTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Longer than failure detection needs to miss somebody. */
  private static final Duration AFTERWARDS = Duration.ofSeconds(3);

  private static final int FRAMES_PER_CONNECTION = 40;

  /**
   * What Artery's streams begin with: the magic and a number, 1 for control, 2 and 3 for messages.
   */
  private static final byte[] MAGIC = {'A', 'K', 'K', 'A'};

  private static final Config FORGER =
      ConfigFactory.parseString(
              "akka.actor { allow-java-serialization = on, warn-about-java-serializer-usage = off\n"
                  + "serializers.rto = \"rto.node.ForgedMessages\"\n"
                  + "serialization-bindings.\"rto.node.ForgedMessages$Forged\" = rto }")
          .withFallback(NodeConfig.ofClient(TlsSettings.OFF));

  private static final Logger AKKA = (Logger) LoggerFactory.getLogger("akka");
  private static final List<String> LOST = new CopyOnWriteArrayList<>();

  private static LoopbackNode first;
  private static LoopbackNode second;

  private final Random random = new Random(20240529);

  @BeforeAll
  static void twoNodes() {
    // A line and a stack for each of thousands of frames that are dropped.
    AKKA.setLevel(Level.OFF);
    first = LoopbackNode.start(LOST::add, List.of()).begin();
    second = LoopbackNode.start(LOST::add, List.of("join=[\"" + first.address() + "\"]"));
    Awaiting.becomes(PATIENCE, first::up, both());
    Awaiting.becomes(PATIENCE, second::up, both());
  }

  /** After all that, one more can join. */
  @AfterAll
  static void close() {
    var joining = List.of("join=[\"" + first.address() + "\"]");
    try (LoopbackNode third = LoopbackNode.start(gone -> {}, joining)) {
      var all = Stream.concat(both().stream(), Stream.of(third.address())).sorted().toList();
      Awaiting.becomes(PATIENCE, first::up, all);
    } finally {
      second.close();
      first.close();
      AKKA.setLevel(null);
    }
  }

  @Test
  void randomBytesDoNoHarm() {
    for (int i = 0; i < 200; i++) {
      send(bytes(1 + random.nextInt(2000)));
    }
    assertUnharmed();
  }

  @Test
  void randomFramesBehindAValidBeginningDoNoHarm() {
    for (int i = 0; i < 30; i++) {
      byte[] frames = {};
      for (int frame = 0; frame < FRAMES_PER_CONNECTION; frame++) {
        byte[] content = bytes(random.nextInt(300));
        frames = join(frames, length(content.length), content);
      }
      send(join(MAGIC, new byte[] {(byte) (1 + i % 3)}, frames));
    }
    assertUnharmed();
  }

  @Test
  void connectionThatClaimsAnAbsurdLengthIsClosed() throws IOException {
    for (int length : List.of(Integer.MAX_VALUE, 1 << 30, 9 << 20, -1, -4, Integer.MIN_VALUE, 0)) {
      for (byte stream = 1; stream <= 3; stream++) {
        assertClosed(join(MAGIC, new byte[] {stream}, length(length), bytes(1000)));
      }
    }
    assertUnharmed();
  }

  @Test
  void connectionThatDoesNotBeginAsArteryDoesIsClosed() throws IOException {
    assertClosed("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    assertClosed(join(MAGIC, new byte[] {0}));
    assertClosed(join(MAGIC, new byte[] {4}));
    assertUnharmed();
  }

  private static void assertClosed(byte[] sent) throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(sent);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (SocketException reset) {
      // closed with bytes unread
    }
  }

  @Test
  void connectionsThatStayHalfOpenDoNoHarm() throws IOException {
    List<Socket> open = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      Socket socket = connect();
      open.add(socket);
      socket.getOutputStream().write(join(MAGIC, new byte[] {1}), 0, i % 6);
    }
    assertUnharmed();
    for (Socket socket : open) {
      socket.close();
    }
  }

  /** From one who speaks Artery and is no member. */
  @Test
  void messagesThatCannotBeReadAreDroppedAndTheNextOneArrives() {
    TestProbe<Object> target = TestProbe.create(Object.class, first.system());
    String address = ActorRefResolver.get(first.system()).toSerializationFormat(target.ref());
    ActorSystem<Void> stranger = ActorSystem.create(Behaviors.empty(), NodeConfig.SYSTEM, FORGER);
    ActorRef<Object> there = ActorRefResolver.get(stranger).resolveActorRef(address);
    there.tell(new Forged("rto.v9.Teleport", bytes(100)));
    there.tell(new Date());
    for (int i = 0; i < 500; i++) {
      there.tell(new Forged("rto.v1.TaskOffer", bytes(1 + random.nextInt(5000))));
    }
    // The six bytes of a TaskAccepted 3/5.
    there.tell(new Forged("rto.v1.TaskAccepted", new byte[] {10, 4, 8, 3, 16, 5}));

    assertThat(target.receiveMessage()).isEqualTo(new TaskAccepted(new TaskId(3, 5)));
    stranger.terminate();
    assertUnharmed();
  }

  /** Everybody is there, and nobody was missed. */
  private static void assertUnharmed() {
    Awaiting.holds(AFTERWARDS, () -> first.up().equals(both()) && second.up().equals(both()));
    assertThat(LOST).isEmpty();
  }

  private static List<String> both() {
    return Stream.of(first.address(), second.address()).sorted().toList();
  }

  private static Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), first.port());
  }

  private static void send(byte[] bytes) {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(bytes);
    } catch (IOException refused) {
      // the node has closed the connection: its right
    }
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] length(int length) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array();
  }

  private static byte[] join(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(Stream.of(parts).mapToInt(part -> part.length).sum());
    Stream.of(parts).forEach(all::put);
    return all.array();
  }
}
