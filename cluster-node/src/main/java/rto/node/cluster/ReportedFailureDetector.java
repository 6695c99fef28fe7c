package rto.node.cluster;

import akka.event.EventStream;
import akka.remote.PhiAccrualFailureDetector;
import com.typesafe.config.Config;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Akka's failure detector, which also believes a supervisor that saw a process die: no silence has
 * to be waited for then. A detector belongs to one life of a node, so a report ends with it, and
 * the next process under that address is watched anew.
 */
public final class ReportedFailureDetector extends PhiAccrualFailureDetector {

  private static final Map<String, Set<ReportedFailureDetector>> BY_ADDRESS =
      new ConcurrentHashMap<>();

  private volatile boolean dead = false;

  /** As Akka makes it. */
  public ReportedFailureDetector(Config config, EventStream events) {
    super(config, events);
  }

  /**
   * @param address of a member whose process is known to be gone, {@code akka://NAME@HOST:PORT}
   */
  static void report(String address) {
    BY_ADDRESS.getOrDefault(address, Set.of()).forEach(detector -> detector.dead = true);
  }

  @Override
  public void address_$eq(String address) {
    super.address_$eq(address);
    BY_ADDRESS.computeIfAbsent(address, any -> weakSet()).add(this);
  }

  @Override
  public boolean isAvailable() {
    return !dead && super.isAvailable();
  }

  private static Set<ReportedFailureDetector> weakSet() {
    return Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
  }
}
