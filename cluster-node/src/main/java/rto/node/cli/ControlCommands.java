package rto.node.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import rto.node.cli.Operations.Action;

/** The commands that talk to a cluster that is there. */
final class ControlCommands {

  private ControlCommands() {}

  private abstract static class Control implements Callable<Integer> {

    private final Operations operations;
    private final Action action;

    @Mixin private JoinOption join;

    Control(Operations operations, Action action) {
      this.operations = operations;
      this.action = action;
    }

    Optional<String> node() {
      return Optional.empty();
    }

    @Override
    public Integer call() throws Exception {
      operations.control(new Operations.Control(action, join.nodes(), node()));
      return 0;
    }
  }

  @Command(
      name = "status",
      description = "Shows a cluster's nodes, its run, and what is being waited for.")
  static final class Status extends Control {
    Status(Operations operations) {
      super(operations, Action.STATUS);
    }
  }

  @Command(
      name = "pause",
      description = "Lets a cluster's run finish the iteration in work, and wait.")
  static final class Pause extends Control {
    Pause(Operations operations) {
      super(operations, Action.PAUSE);
    }
  }

  @Command(name = "continue", description = "Lets a paused run go on.")
  static final class Continue extends Control {
    Continue(Operations operations) {
      super(operations, Action.CONTINUE);
    }
  }

  @Command(name = "stop", description = "Ends a cluster's run; submitted again, it goes on.")
  static final class Stop extends Control {
    Stop(Operations operations) {
      super(operations, Action.STOP);
    }
  }

  @Command(
      name = "drain",
      description = "Lets a node hand its work over and leave; its process ends with status 0.")
  static final class Drain extends Control {

    @Parameters(paramLabel = "HOST:PORT", description = "The node, as rto status names it.")
    private String node;

    Drain(Operations operations) {
      super(operations, Action.DRAIN);
    }

    @Override
    Optional<String> node() {
      return Optional.of(node);
    }
  }
}
