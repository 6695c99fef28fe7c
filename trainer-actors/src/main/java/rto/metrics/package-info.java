/**
 * The numbers of a run: what they are called and mean ({@link rto.metrics.MetricNames}), how sure
 * one can be of them ({@link rto.metrics.Interval}), and where they go: to the console while one
 * waits ({@link rto.metrics.Progress}) and to a file that survives a crash ({@link
 * rto.metrics.MetricsLog}). Plain doubles only: no tensors, no actors.
 */
package rto.metrics;
