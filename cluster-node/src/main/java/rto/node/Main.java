package rto.node;

import rto.node.cli.RtoCommand;

/** The program's entry point. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.exit(RtoCommand.create(new Program(System.out)).execute(args));
  }
}
