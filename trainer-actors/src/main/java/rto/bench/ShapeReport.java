package rto.bench;

import java.util.List;
import rto.lm.Kernels;

/**
 * One shape, measured.
 *
 * @param name of the shape
 * @param parameters of the language model
 * @param multiplied P, those of them that a token is multiplied by: all but a look-up
 * @param kernels that the shape takes
 * @param trajectories per iteration
 * @param calibration of the machine, just before
 * @param measurements in their order
 */
public record ShapeReport(
    String name,
    long parameters,
    long multiplied,
    Kernels kernels,
    int trajectories,
    Calibration calibration,
    List<Measurement> measurements) {}
