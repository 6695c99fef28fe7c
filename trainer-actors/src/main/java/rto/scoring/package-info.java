/**
 * Trajectories in, scored trajectories out: three rooms in a row, each adds one column and passes
 * the record on through the door of the next. A room knows its model only as a {@link
 * rto.scoring.TrajectoryScorer} and its neighbour only as an address; a room that is too slow
 * becomes several instances behind one {@link rto.scoring.ScorerDoor}.
 */
package rto.scoring;
