package rto.bench;

import java.util.List;

/** What {@code rto bench} found. */
public record BenchReport(Machine machine, List<ShapeReport> shapes) {}
