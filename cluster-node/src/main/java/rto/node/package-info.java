/** Starts a node, takes roles and hands each actor its neighbour: the only room that sees all. */
package rto.node;
