package rto.chaos;

import akka.actor.ExtendedActorSystem;
import akka.serialization.SerializerWithStringManifest;
import java.io.NotSerializableException;
import rto.protocol.DeskStatus;
import rto.protocol.RunMessage.ScoreTask;
import rto.protocol.WeightsReply.Chunk;
import rto.protocol.wire.ProtocolSerializer;

/** The wire format, with traps where weights and tasks leave a node and come in. */
public final class TrappedSerializer extends SerializerWithStringManifest {

  private final ProtocolSerializer real;

  /** Called by Akka. */
  public TrappedSerializer(ExtendedActorSystem system) {
    real = new ProtocolSerializer(system);
  }

  @Override
  public int identifier() {
    return real.identifier();
  }

  @Override
  public String manifest(Object message) {
    return real.manifest(message);
  }

  @Override
  public byte[] toBinary(Object message) {
    if (message instanceof Chunk) {
      Traps.at(TrapPoint.CHUNK_SENT);
    } else if (message instanceof ScoreTask task) {
      Traps.at(TrapPoint.TASK_SENT);
      Traps.taskDone(task.id().toString());
    }
    return real.toBinary(message);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    Object message = real.fromBinary(bytes, manifest);
    if (message instanceof Chunk) {
      Traps.at(TrapPoint.CHUNK_RECEIVED);
    } else if (message instanceof ScoreTask) {
      Traps.at(TrapPoint.TASK_RECEIVED);
    } else if (message instanceof DeskStatus) {
      Traps.at(TrapPoint.DESK_HEARD);
    }
    return message;
  }
}
