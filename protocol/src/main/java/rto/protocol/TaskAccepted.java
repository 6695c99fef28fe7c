package rto.protocol;

/** The run has journalled this task's trajectories: the worker may confirm and forget it. */
public record TaskAccepted(TaskId id) implements WireMessage {}
