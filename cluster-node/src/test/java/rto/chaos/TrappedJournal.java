package rto.chaos;

import akka.persistence.AtomicWrite;
import akka.persistence.jdbc.journal.JdbcAsyncWriteJournal;
import com.typesafe.config.Config;
import scala.collection.immutable.Seq;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/** The journal, with a trap before and after each write. */
public final class TrappedJournal extends JdbcAsyncWriteJournal {

  /** Called by Akka. */
  public TrappedJournal(Config config) {
    super(config);
  }

  @Override
  public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> messages) {
    Traps.at(TrapPoint.BEFORE_WRITE);
    return Brake.slowed(context().system(), () -> write(messages));
  }

  private Future<Seq<Try<BoxedUnit>>> write(Seq<AtomicWrite> messages) {
    return super.asyncWriteMessages(messages).map(TrappedJournal::written, ec());
  }

  private static Seq<Try<BoxedUnit>> written(Seq<Try<BoxedUnit>> results) {
    Traps.at(TrapPoint.AFTER_WRITE);
    return results;
  }
}
