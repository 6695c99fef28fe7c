package rto.node.manage;

import akka.actor.ActorSystem;
import akka.cluster.Cluster;
import akka.cluster.MemberStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.StreamSupport;
import rto.metrics.ProcessMemory;
import rto.protocol.DeskStatus;
import rto.protocol.RunStatus;
import rto.tensor.Torch;

/**
 * What Prometheus reads of a node.
 *
 * <table>
 *   <caption>Of every node</caption>
 *   <tr><td>rto_members_up</td><td>members of the cluster that are up, as this node sees it</td></tr>
 *   <tr><td>rto_members_unreachable</td><td>members that it has lost sight of</td></tr>
 *   <tr><td>rto_resident_bytes</td><td>memory of the process, native memory included; NaN where
 *       there is no /proc</td></tr>
 *   <tr><td>rto_native_bytes</td><td>of it, what native code has allocated and not freed; NaN
 *       without glibc</td></tr>
 *   <tr><td>rto_open_arrays</td><td>tensors that the program holds, libtorch's own not among
 *       them</td></tr>
 *   <tr><td>jvm_memory_*</td><td>the Java heap and what else the JVM counts</td></tr>
 * </table>
 *
 * <table>
 *   <caption>Of the node alone that has the cluster's desk, so that nothing is counted twice: there
 *   is one such node, or none for a moment while another takes over</caption>
 *   <tr><td>rto_run_on</td><td>1 if a run is on, else 0</td></tr>
 *   <tr><td>rto_tasks_open</td><td>tasks of the iterations that have begun which are not
 *       journalled: how much work there is for rollout workers</td></tr>
 *   <tr><td>rto_tasks_waiting</td><td>of these, those that nobody has in work</td></tr>
 *   <tr><td>rto_tasks_confirmed</td><td>tasks of the run that are journalled</td></tr>
 *   <tr><td>rto_policy_version</td><td>iterations learned, which is the policy's version</td></tr>
 * </table>
 */
final class NodeMetrics {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Cluster cluster;
  private final NodeFacts facts;
  private List<Meter> ofDesk = List.of();

  NodeMetrics(ActorSystem system) {
    this.cluster = Cluster.get(system);
    this.facts = NodeFacts.of(system);
    new JvmMemoryMetrics().bindTo(registry);
    gauge("rto.members.up", "members that are up", this::up);
    gauge(
        "rto.members.unreachable",
        "members that this node has lost sight of",
        () -> cluster.state().getUnreachable().size());
    gauge(
        "rto.resident.bytes", "memory of the process, with native memory", ProcessMemory::resident);
    gauge("rto.native.bytes", "what native code has allocated", ProcessMemory::nativeHeap);
    gauge("rto.open.arrays", "tensors in scopes that are open", Torch::openArrays);
  }

  /** In Prometheus' text format. */
  synchronized String text() {
    boolean here = facts.desk().isPresent();
    if (here && ofDesk.isEmpty()) {
      ofDesk = deskGauges();
    } else if (!here) {
      ofDesk.forEach(registry::remove);
      ofDesk = List.of();
    }
    return registry.scrape();
  }

  private List<Meter> deskGauges() {
    return List.of(
        gauge("rto.run.on", "1 if a run is on", this::runOn),
        gauge("rto.tasks.open", "tasks that are not journalled yet", ofRun(RunStatus::tasksOpen)),
        gauge(
            "rto.tasks.waiting",
            "of the open tasks, those that nobody has in work",
            ofRun(RunStatus::tasksWaiting)),
        gauge("rto.tasks.confirmed", "tasks that are journalled", ofRun(NodeMetrics::confirmed)),
        gauge("rto.policy.version", "iterations learned", ofRun(RunStatus::iteration)));
  }

  private static double confirmed(RunStatus run) {
    return (double) run.iteration() * run.tasks() + run.tasksDone();
  }

  /** Zero while no run is in its policy stage. */
  private Supplier<Number> ofRun(ToDoubleFunction<RunStatus> number) {
    return () -> run().map(run -> number.applyAsDouble(run)).orElse(0.0);
  }

  private Optional<RunStatus> run() {
    return facts.desk().filter(DeskStatus::isOn).flatMap(DeskStatus::status);
  }

  private Number runOn() {
    return facts.desk().filter(DeskStatus::isOn).isPresent() ? 1 : 0;
  }

  private Number up() {
    return StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
        .filter(member -> member.status().equals(MemberStatus.up()))
        .count();
  }

  private Gauge gauge(String name, String description, Supplier<Number> value) {
    return Gauge.builder(name, value).description(description).register(registry);
  }
}
