package rto.node.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import rto.protocol.ClusterStatus;
import rto.protocol.NodeMessage.GetCluster;

/**
 * Notices a second cluster. The first node of a list that was started again and heard nobody in
 * time begins one of its own, and Akka never makes one of two: so each node asks those that it was
 * to join, and of two clusters the smaller one's nodes leave and are started again. Of two equals
 * it is the one without the lowest address.
 */
public final class IslandWatch extends AbstractBehavior<Object> {

  private enum Tick {
    LOOK
  }

  private static final Duration BETWEEN = Duration.ofSeconds(5);

  private final Cluster cluster;
  private final List<String> join;

  /**
   * @param join {@code host:port} of the nodes that this one was to join
   */
  public static Behavior<Object> create(List<String> join) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Tick.LOOK, BETWEEN);
                  return new IslandWatch(context, join);
                }));
  }

  private IslandWatch(ActorContext<Object> context, List<String> join) {
    super(context);
    this.cluster = Cluster.get(context.getSystem());
    this.join = List.copyOf(join);
  }

  @Override
  public Receive<Object> createReceive() {
    return newReceiveBuilder()
        .onMessage(Tick.class, tick -> look())
        .onMessage(ClusterStatus.class, this::onOther)
        .build();
  }

  private Behavior<Object> look() {
    SortedSet<String> known = members();
    if (cluster.selfMember().status().equals(MemberStatus.up())) {
      join.stream().filter(node -> !known.contains(node)).forEach(this::ask);
    }
    return this;
  }

  private void ask(String node) {
    String agent = "akka://" + getContext().getSystem().name() + "@" + node + "/user/";
    ActorRef<GetCluster> front =
        ActorRefResolver.get(getContext().getSystem()).resolveActorRef(agent + NodeAgent.NAME);
    front.tell(new GetCluster(getContext().getSelf().narrow()));
  }

  private Behavior<Object> onOther(ClusterStatus status) {
    SortedSet<String> there =
        status.nodes().stream()
            .filter(node -> node.state().equals("up"))
            .map(ClusterStatus.Node::address)
            .collect(Collectors.toCollection(TreeSet::new));
    if (mustYield(members(), there, NodeAgent.name(cluster.selfMember()))) {
      NodeFailure.leave(
          getContext().getSystem(), "there is another cluster, of " + String.join(", ", there));
    }
    return this;
  }

  /** Whether this node is to leave its cluster for the sake of another one. */
  static boolean mustYield(SortedSet<String> here, SortedSet<String> there, String self) {
    if (there.isEmpty() || there.contains(self) || !here.contains(self)) {
      return false;
    }
    return there.size() == here.size()
        ? there.first().compareTo(here.first()) < 0
        : there.size() > here.size();
  }

  private SortedSet<String> members() {
    return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
        .filter(IslandWatch::isUp)
        .map(NodeAgent::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static boolean isUp(Member member) {
    return member.status().equals(MemberStatus.up());
  }
}
