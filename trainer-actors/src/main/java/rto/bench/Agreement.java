package rto.bench;

/**
 * How far the engine's results lie from those of single operations.
 *
 * @param name of the results
 * @param difference the largest one
 * @param tolerance what it should not exceed
 */
public record Agreement(String name, double difference, double tolerance) {}
