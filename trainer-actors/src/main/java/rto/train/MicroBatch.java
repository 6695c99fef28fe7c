package rto.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import rto.lm.Sequence;

/**
 * Sequences that go through the model at once, with the columns that the objective reads.
 *
 * @param columns in the objective's order, each a float[] or a long[]
 */
record MicroBatch(List<Sequence> sequences, List<Object> columns) {

  NDList columns(NDManager scope) {
    NDList arrays = new NDList();
    columns.forEach(column -> arrays.add(array(column, scope)));
    return arrays;
  }

  private static NDArray array(Object column, NDManager scope) {
    return column instanceof long[] ids ? scope.create(ids) : scope.create((float[]) column);
  }
}
