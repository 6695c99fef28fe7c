/**
 * The stages without actors, and the whole algorithm as one plain loop: {@link
 * rto.train.LocalRtoLoop} is where a newcomer starts and the oracle for everything distributed.
 */
package rto.train;
