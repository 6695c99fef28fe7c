package rto.node.cluster;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ClusterEvent.MemberDowned;
import akka.cluster.Member;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.ClusterCommand;
import akka.cluster.typed.Down;
import akka.cluster.typed.Leave;
import akka.cluster.typed.Subscribe;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import rto.protocol.ClusterStatus;
import rto.protocol.DeskMessage;
import rto.protocol.DeskMessage.AskDesk;
import rto.protocol.DeskReply;
import rto.protocol.DeskStatus;
import rto.protocol.NodeMessage.Drain;
import rto.protocol.NodeMessage.GetCluster;
import rto.protocol.NodeMessage.NodeDied;
import rto.protocol.RunMessage;

/**
 * What a node has of the cluster: asks the desk once a second which run is on and tells its rooms,
 * answers users, and passes on what is for the desk or the run.
 */
public final class NodeAgent extends AbstractBehavior<Object> {

  /** Its name under the node's guardian: here users find it. */
  public static final String NAME = "front";

  private enum Tick {
    ASK
  }

  private static final Duration BETWEEN = Duration.ofSeconds(1);

  /** As long as the rooms have nobody to work for: what they wait for is asked for more often. */
  private static final Duration WITHOUT_BRAIN = Duration.ofMillis(200);

  /** Asked so long without an answer, the node says that it waits. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private final TimerScheduler<Object> timers;
  private final ActorRef<Object> desk;
  private final List<ActorRef<DeskStatus>> rooms;
  private final Cluster cluster;
  private Optional<DeskStatus> known = Optional.empty();
  private Duration between = Duration.ZERO;
  private Instant heard = Instant.now();
  private boolean told = false;

  /**
   * @param desk the way to the desk, wherever it is
   * @param loaders of what this node has for a run
   */
  public static Behavior<Object> create(ActorRef<Object> desk, List<Rooms.Loader> loaders) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new NodeAgent(context, timers, desk, loaders)));
  }

  private NodeAgent(
      ActorContext<Object> context,
      TimerScheduler<Object> timers,
      ActorRef<Object> desk,
      List<Rooms.Loader> loaders) {
    super(context);
    this.timers = timers;
    this.desk = desk;
    this.cluster = Cluster.get(context.getSystem());
    this.rooms =
        loaders.stream()
            .map(load -> context.spawnAnonymous(RoomHost.create(load, desk.narrow())))
            .toList();
    cluster.subscriptions().tell(Subscribe.create(context.getSelf().narrow(), MemberDowned.class));
    ask();
    askEvery(WITHOUT_BRAIN);
  }

  @Override
  public Receive<Object> createReceive() {
    return newReceiveBuilder()
        .onMessage(Tick.class, tick -> ask())
        .onMessage(DeskStatus.class, this::onDesk)
        .onMessage(MemberDowned.class, this::onDowned)
        .onMessage(GetCluster.class, this::onGetCluster)
        .onMessage(Drain.class, this::onDrain)
        .onMessage(NodeDied.class, this::onDied)
        .onMessage(DeskMessage.class, this::passOn)
        .onMessage(RunMessage.class, this::passOn)
        .build();
  }

  private Behavior<Object> ask() {
    boolean silent = heard.plus(SILENCE).isBefore(Instant.now());
    if (silent && !told) {
      getContext().getLog().warn("still waiting for {}", waitingFor());
    }
    told = silent;
    desk.tell(new AskDesk(getContext().getSelf().narrow()));
    return this;
  }

  private Behavior<Object> onDesk(DeskStatus status) {
    askEvery(status.brain().isEmpty() && !status.run().isEmpty() ? WITHOUT_BRAIN : BETWEEN);
    known = Optional.of(status);
    heard = Instant.now();
    rooms.forEach(host -> host.tell(status));
    return this;
  }

  /** It may have had the desk: then the answers will come from another one. */
  private Behavior<Object> onDowned(MemberDowned downed) {
    askEvery(WITHOUT_BRAIN);
    return this;
  }

  private void askEvery(Duration interval) {
    if (!interval.equals(between)) {
      between = interval;
      timers.startTimerWithFixedDelay(Tick.ASK, interval);
    }
  }

  private Behavior<Object> passOn(Object message) {
    desk.tell(message);
    return this;
  }

  private Behavior<Object> onGetCluster(GetCluster get) {
    var state = cluster.state();
    var unreachable = state.getUnreachable();
    List<ClusterStatus.Node> nodes =
        members()
            .map(member -> node(member, unreachable.contains(member)))
            .sorted(Comparator.comparing(ClusterStatus.Node::address))
            .toList();
    get.replyTo().tell(new ClusterStatus(nodes, known, waitingFor()));
    return this;
  }

  private Behavior<Object> onDrain(Drain drain) {
    boolean found = forMember(drain.node(), Leave::create);
    String text =
        found ? drain.node() + " leaves" : drain.node() + ": no member (rto status lists them)";
    drain.replyTo().tell(new DeskReply(found, text));
    return this;
  }

  private Behavior<Object> onDied(NodeDied died) {
    forMember(died.node(), NodeAgent::buried);
    return this;
  }

  /** It is unreachable at once and down, so that it is removed without a time-out. */
  private static ClusterCommand buried(Address address) {
    ReportedFailureDetector.report(address.toString());
    return new Down(address);
  }

  private boolean forMember(String node, Function<Address, ClusterCommand> command) {
    Optional<Member> member = members().filter(one -> name(one).equals(node)).findFirst();
    member.ifPresent(one -> cluster.manager().tell(command.apply(one.address())));
    return member.isPresent();
  }

  private Stream<Member> members() {
    return StreamSupport.stream(cluster.state().getMembers().spliterator(), false);
  }

  private String waitingFor() {
    return heard.plus(SILENCE).isBefore(Instant.now())
        ? "an answer from the desk, on a learner's node, since "
            + heard.truncatedTo(ChronoUnit.SECONDS)
        : "";
  }

  private static ClusterStatus.Node node(Member member, boolean unreachable) {
    return new ClusterStatus.Node(
        name(member),
        member.getRoles().stream().filter(role -> !role.startsWith("dc-")).sorted().toList(),
        unreachable ? "unreachable" : member.status().toString().toLowerCase(Locale.ROOT),
        member.appVersion().toString());
  }

  static String name(Member member) {
    return member.address().getHost().orElse("") + ":" + member.address().getPort().orElse(0);
  }
}
