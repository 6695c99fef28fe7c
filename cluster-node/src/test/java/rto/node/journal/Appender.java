package rto.node.journal;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.japi.function.Function;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import com.typesafe.config.ConfigFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/** A persistent actor on a journal: appends numbered events and says when one is acknowledged. */
final class Appender implements AutoCloseable {

  private static final int BYTES = 2_000;
  private static final Duration ANSWER = Duration.ofSeconds(20);

  private sealed interface Command {}

  private record Append(ActorRef<Long> replyTo) implements Command {}

  private record GetLast(ActorRef<Long> replyTo) implements Command {}

  private static final class Numbers extends EventSourcedBehavior<Command, byte[], Long> {

    Numbers() {
      super(PersistenceId.ofUniqueId("numbers"));
    }

    @Override
    public Long emptyState() {
      return 0L;
    }

    @Override
    public CommandHandler<Command, byte[], Long> commandHandler() {
      return newCommandHandlerBuilder()
          .forAnyState()
          .onCommand(
              Append.class,
              (last, append) ->
                  Effect().persist(event(last + 1)).thenReply(append.replyTo(), now -> now))
          .onCommand(GetLast.class, (last, get) -> Effect().reply(get.replyTo(), last))
          .build();
    }

    @Override
    public EventHandler<Long, byte[]> eventHandler() {
      return newEventHandlerBuilder().forAnyState().onAnyEvent(Numbers::next);
    }

    /** The number, and bytes that no compression makes smaller. */
    private static byte[] event(long number) {
      byte[] bytes = new byte[BYTES];
      new Random(number).nextBytes(bytes);
      return ByteBuffer.wrap(bytes).putLong(number).array();
    }

    private static Long next(Long last, byte[] event) {
      long number = ByteBuffer.wrap(event).getLong();
      if (number != last + 1) {
        throw new IllegalStateException("event: " + number + " (expected: " + (last + 1) + ")");
      }
      return number;
    }
  }

  private final ActorSystem<Command> numbers;

  /** Recovers what the journal holds. */
  Appender(Journal journal) {
    var config =
        ConfigFactory.parseString("akka.actor.provider = local, akka.loglevel = OFF")
            .withFallback(ConfigFactory.parseMap(journal.ready().slick()).atPath(Journal.SLICK))
            .withFallback(ConfigFactory.parseResources("akka-node.conf"))
            .withFallback(ConfigFactory.load())
            .resolve();
    numbers = ActorSystem.create(new Numbers(), "appender", config);
  }

  /** The number of the last event. */
  long last() {
    return ask(GetLast::new, ANSWER);
  }

  /** Appends so many; tells the number of each that was acknowledged. */
  void append(int events, LongConsumer acknowledged) {
    for (int i = 0; i < events; i++) {
      acknowledged.accept(ask(Append::new, ANSWER));
    }
  }

  /** Appends until no acknowledgement comes. */
  void appendUntilItFails(LongConsumer acknowledged) {
    try {
      while (true) {
        acknowledged.accept(ask(Append::new, Duration.ofSeconds(2)));
      }
    } catch (CompletionException noAnswer) {
      // the journal is gone
    }
  }

  private long ask(Function<ActorRef<Long>, Command> question, Duration limit) {
    return AskPattern.ask(numbers, question, limit, numbers.scheduler())
        .toCompletableFuture()
        // The clock of an actor system that has ended does not run: this one does.
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  @Override
  public void close() {
    numbers.terminate();
    numbers.getWhenTerminated().toCompletableFuture().join();
  }
}
