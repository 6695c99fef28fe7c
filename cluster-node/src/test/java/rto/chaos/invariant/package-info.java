/**
 * What must hold of every run, whatever was done to it: one claim per class, judged from evidence
 * that was gathered outside of the processes that were disturbed.
 */
package rto.chaos.invariant;
