package rto.node.cluster;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.SignalHandler;

/**
 * Reads what somebody else journals, once, and forgets it: whoever has to read it in a hurry later,
 * in this process, finds code and connections ready. Writes nothing.
 */
final class JournalReader extends EventSourcedBehavior<JournalReader.Done, Object, Object> {

  /** All of it is read. */
  enum Done {
    READ
  }

  private final ActorContext<Done> context;

  static Behavior<Done> of(PersistenceId id) {
    return Behaviors.setup(context -> new JournalReader(context, id));
  }

  private JournalReader(ActorContext<Done> context, PersistenceId id) {
    super(id);
    this.context = context;
  }

  @Override
  public Object emptyState() {
    return Done.READ;
  }

  @Override
  public EventHandler<Object, Object> eventHandler() {
    return (state, event) -> state;
  }

  @Override
  public SnapshotAdapter<Object> snapshotAdapter() {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(Object state) {
        return state;
      }

      @Override
      public Object fromJournal(Object snapshot) {
        return snapshot;
      }
    };
  }

  @Override
  public SignalHandler<Object> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), state -> context.getSelf().tell(Done.READ))
        .build();
  }

  @Override
  public CommandHandler<Done, Object, Object> commandHandler() {
    return (state, done) -> Effect().stop();
  }
}
