package rto.bench;

/**
 * How fast all compute threads together multiply by a shape's own weight matrices.
 *
 * @param path who multiplies
 * @param rows of the left operand, on each thread
 * @param flops floating-point operations per second over all matrices of one forward pass, each
 *     repeated by itself: the median and the ends of repeated measurements
 */
public record Rate(MatmulPath path, int rows, Spread flops) {}
