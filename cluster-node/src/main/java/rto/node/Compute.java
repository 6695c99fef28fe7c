package rto.node;

import java.util.concurrent.Executor;

/**
 * An engine and where it runs.
 *
 * @param executor runs one piece of work at a time, never on a thread of the actor system; engines
 *     may share one
 */
public record Compute<E>(E engine, Executor executor) {}
