/**
 * Breaks a real cluster of processes from a seed, and judges what became of the run.
 *
 * <pre>
 *   ChaosPlan (seed) ──▶ Disturbance ──▶ Household: rto node processes, each started again ─┐
 *                            │             (Victim: kill, stop, arm a Trap inside; Links: cut)│
 *                            ▼                                                              ▼
 *                     Recovery: how long  ◀── Witness: every event that the journal took ◀── run
 *                                                      │
 *                                          rto.chaos.invariant: named claims
 * </pre>
 *
 * <p>The processes are the product's own; a trap is set from outside by Akka's settings and springs
 * inside: a journal plugin and a serializer that end the process at a chosen moment. {@code
 * ChaosMain} is the long run, {@code ChaosIT} a short one.
 */
package rto.chaos;
