/**
 * The comparison of training objectives: every arm from the same models and data of a seed, at
 * equal rollouts, over several seeds, so that differences come with intervals. Runs the stages and
 * the plain loop of {@link rto.train}, whose digest the cluster's equals; starts no actors. Draws
 * nothing: what came out goes to {@link rto.node.dashboard} as numbers.
 */
package rto.node.compare;
