/**
 * Whole runs without a model: real actors around engines that hash instead of compute, so that two
 * runs that differ anywhere differ in their digest.
 */
package rto.simulation;
