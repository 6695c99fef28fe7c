package akka.remote.artery.tcp;

import akka.remote.artery.EnvelopeBuffer;
import akka.remote.artery.RemotingFlightRecorder;
import akka.stream.FlowShape;
import akka.stream.stage.AbstractInOutHandler;
import akka.stream.stage.GraphStageLogicWithLogging;
import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** One connection's {@link TcpFraming}: keeps what has arrived of the next frame, no more. */
final class FrameCutter extends GraphStageLogicWithLogging {

  private static final ByteString MAGIC = ByteString.fromString("AKKA");
  private static final int HEADER = 5;
  private static final int LENGTH = 4;
  private static final int STREAMS = 3;

  private final FlowShape<ByteString, EnvelopeBuffer> shape;
  private final RemotingFlightRecorder recorder;
  private ByteString arrived = ByteString.emptyByteString();
  private int stream = 0;
  private int maximum;

  FrameCutter(FlowShape<ByteString, EnvelopeBuffer> shape, RemotingFlightRecorder recorder) {
    super(shape);
    this.shape = shape;
    this.recorder = recorder;
    setHandlers(
        shape.in(),
        shape.out(),
        new AbstractInOutHandler() {
          @Override
          public void onPush() {
            arrived = arrived.concat(grab(shape.in()));
            next();
          }

          @Override
          public void onPull() {
            next();
          }

          // Frames that have arrived are still handed on.
          @Override
          public void onUpstreamFinish() {
            if (isAvailable(shape.out())) {
              next();
            }
          }
        });
  }

  @Override
  public void preStart() {
    var artery = materializer().system().settings().config().getConfig("akka.remote.artery");
    maximum =
        (int)
            Math.max(
                artery.getBytes("advanced.maximum-frame-size"),
                artery.getBytes("advanced.maximum-large-frame-size"));
  }

  /** Hands on a frame if there is one, asks for more if not; there is demand. */
  private void next() {
    if (stream == 0 && arrived.size() >= HEADER) {
      stream = arrived.apply(HEADER - 1);
      boolean known = arrived.take(HEADER - 1).equals(MAGIC) && stream >= 1 && stream <= STREAMS;
      if (!known) {
        refuse("no beginning of one of Artery's streams");
        return;
      }
      arrived = arrived.drop(HEADER);
    }
    if (stream == 0 || arrived.size() < LENGTH) {
      more();
      return;
    }
    int length = arrived.take(LENGTH).toByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (length < 1 || length > maximum) {
      refuse("a frame of " + length + " bytes (expected: in [1, " + maximum + "])");
    } else if (arrived.size() < LENGTH + length) {
      more();
    } else {
      push(shape.out(), frame(arrived.slice(LENGTH, LENGTH + length)));
      arrived = arrived.drop(LENGTH + length);
    }
  }

  private void more() {
    if (isClosed(shape.in())) {
      completeStage();
    } else {
      pull(shape.in());
    }
  }

  private void refuse(String what) {
    log().warning("connection closed: it sent {}", what);
    arrived = ByteString.emptyByteString();
    completeStage();
  }

  private EnvelopeBuffer frame(ByteString bytes) {
    ByteBuffer content = ByteBuffer.wrap(bytes.toArray()).order(ByteOrder.LITTLE_ENDIAN);
    recorder.tcpInboundReceived(content.limit());
    EnvelopeBuffer frame = new EnvelopeBuffer(content);
    frame.setStreamId(stream);
    return frame;
  }
}
