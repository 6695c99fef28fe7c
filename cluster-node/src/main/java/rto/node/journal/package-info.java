/**
 * Where a node keeps what its run has decided: an H2 file, an H2 server process on this machine, or
 * PostgreSQL. Opens, makes, serves and compacts databases; what is written to them is for Akka
 * Persistence, which gets an address from here and nothing else. Knows no actors and no tensors.
 */
package rto.node.journal;
