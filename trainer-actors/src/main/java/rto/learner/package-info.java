/**
 * Scored trajectories in, next policy out. The actor here only keeps order: what is learned, and on
 * which device, is behind {@link rto.learner.LearnerEngine}.
 *
 * <p>The learner itself hands out weights, from the files of the last versions. An actor of its own
 * is not needed: compute never runs on the learner's dispatcher, so it answers at once while it
 * learns.
 */
package rto.learner;
