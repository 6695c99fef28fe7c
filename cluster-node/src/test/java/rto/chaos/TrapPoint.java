package rto.chaos;

/** Where in a node a trap can spring. */
enum TrapPoint {
  /** A learner is about to hand an event to the journal. */
  BEFORE_WRITE,
  /** The journal has the event, and nobody was told. */
  AFTER_WRITE,
  /** A learner is about to hand out a chunk of weights. */
  CHUNK_SENT,
  /** A worker has received a chunk of weights, and not looked at it. */
  CHUNK_RECEIVED,
  /** A worker or scorer is about to hand a task on. */
  TASK_SENT,
  /** A scorer or learner has received a task, and not looked at it. */
  TASK_RECEIVED,
  /** The desk has answered this node, which so is one of the cluster. */
  DESK_HEARD
}
