package rto.bench;

import java.util.List;
import rto.lm.ComputeType;
import rto.lm.Kernels;

/**
 * One shape, measured.
 *
 * @param name of the shape
 * @param parameters of the language model
 * @param multiplied P, those of them that a token is multiplied by: all but a look-up
 * @param kernels that the shape takes
 * @param type of the numbers that it is computed in
 * @param trajectories per iteration
 * @param stepFloor seconds of a decoding step of one sequence that costs a call, its products and
 *     other operators on next to nothing, and reading the weights
 * @param calibration of the machine, just before
 * @param measurements in their order
 * @param eager beside single operations, if that was asked for
 */
public record ShapeReport(
    String name,
    long parameters,
    long multiplied,
    Kernels kernels,
    ComputeType type,
    int trajectories,
    double stepFloor,
    Calibration calibration,
    List<Measurement> measurements,
    EagerReport eager) {}
