package rto.bench;

/**
 * The engine beside plain float32 eager execution of the same model ({@code EagerLlama}), in turns,
 * on one compute thread each.
 *
 * @param name of the work
 * @param tokens sampled, or learned from
 * @param ours seconds of the engine
 * @param eager seconds of single operations
 * @param ratio eager by ours, of each turn: how many times as fast the engine is
 */
public record Comparison(String name, long tokens, Spread ours, Spread eager, Spread ratio) {}
