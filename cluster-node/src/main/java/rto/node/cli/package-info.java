/**
 * The command line: what may be typed, what it means, and what the program's exit status says. Runs
 * nothing itself: every command becomes one call of {@link rto.node.cli.Operations}.
 */
package rto.node.cli;
