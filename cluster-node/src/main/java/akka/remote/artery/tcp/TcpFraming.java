package akka.remote.artery.tcp;

import akka.remote.artery.EnvelopeBuffer;
import akka.remote.artery.RemotingFlightRecorder;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;

/**
 * Cuts what arrives at a node's port into Artery's frames, and refuses what cannot be any.
 *
 * <pre>
 *   connection = 'A' 'K' 'K' 'A'  stream (1 control, 2 ordinary, 3 large)  frame*
 *   frame      = length (4 bytes, little-endian, 1..maximum)  length bytes
 * </pre>
 *
 * Stands in for the class of this name in Akka 2.8.5, which believes every length: a negative one
 * makes it read the same bytes for ever until memory is used up, a large one makes it keep all that
 * is sent. Here such a connection is closed with a line. Whoever can connect and knows Artery can
 * still do harm; TLS keeps strangers out.
 */
public final class TcpFraming extends GraphStage<FlowShape<ByteString, EnvelopeBuffer>> {

  private final Inlet<ByteString> in = Inlet.create("TcpFraming.in");
  private final Outlet<EnvelopeBuffer> out = Outlet.create("TcpFraming.out");
  private final FlowShape<ByteString, EnvelopeBuffer> shape = FlowShape.of(in, out);
  private final RemotingFlightRecorder recorder;

  /** Called by Akka, once for each connection that it accepts. */
  public TcpFraming(RemotingFlightRecorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public FlowShape<ByteString, EnvelopeBuffer> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inherited) {
    return new FrameCutter(shape, recorder);
  }
}
