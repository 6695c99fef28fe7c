package rto.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import rto.protocol.TaskId;

class TaskHoldersTest {

  private static final String A = "akka://rto@10.0.0.1:25520/user/slot-1";
  private static final String A2 = "akka://rto@10.0.0.1:25520/user/slot-2";
  private static final String B = "akka://rto@10.0.0.2:25520/user/slot-1";

  private final TaskHolders holders = new TaskHolders();

  @Test
  void lineNamesWhoHasWhichTaskSinceWhen() {
    assertThat(holders.line()).isEmpty();

    holders.taken(new TaskId(3, 1), A);
    holders.taken(new TaskId(3, 0), B);

    assertThat(holders.line().orElseThrow())
        .matches("tasks in work: 3/0 at " + B + " since \\S+Z; 3/1 at " + A + " since \\S+Z");
  }

  @Test
  void lostNodeHadTheTasksOfItsWorkers() {
    holders.taken(new TaskId(3, 0), A);
    holders.taken(new TaskId(3, 1), A2);
    holders.taken(new TaskId(3, 2), B);

    assertThat(holders.lost("10.0.0.1:25520"))
        .isEqualTo(Map.of(A, new TaskId(3, 0), A2, new TaskId(3, 1)));
    assertThat(holders.lost("10.0.0.1:25520")).isEmpty();
  }

  @Test
  void workerHasNothingAfterItsTaskIsDoneOrHasFailedOrItHasAnotherOne() {
    holders.taken(new TaskId(3, 0), A);
    holders.taken(new TaskId(3, 1), B);
    holders.taken(new TaskId(3, 2), A2);
    holders.done(new TaskId(3, 0));
    holders.failed(B);
    holders.taken(new TaskId(3, 3), A2);

    assertThat(holders.line().orElseThrow()).startsWith("tasks in work: 3/3 at " + A2);
    assertThat(holders.hold(new TaskId(3, 3))).isTrue();
    assertThat(holders.hold(new TaskId(3, 2))).isFalse();
  }
}
