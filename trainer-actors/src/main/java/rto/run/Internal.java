package rto.run;

/** What the run tells itself. */
enum Internal {
  /** Do the next step. */
  ADVANCE,
  /** What is awaited has not come by its deadline. */
  OVERDUE,
  /** Ask whether there are workers. */
  COUNT_WORKERS,
  /** The learner stopped. */
  LEARNER_GONE
}
