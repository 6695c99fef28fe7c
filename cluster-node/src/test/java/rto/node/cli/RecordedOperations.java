package rto.node.cli;

/** Remembers what it was asked to do, and fails if told to. */
final class RecordedOperations implements Operations {

  Record asked;
  Throwable failure;

  @Override
  public void quickstart(Quickstart options) throws Exception {
    record(options);
  }

  @Override
  public void train(Train options) throws Exception {
    record(options);
  }

  @Override
  public void resume(Resume options) throws Exception {
    record(options);
  }

  @Override
  public void merge(Merge options) throws Exception {
    record(options);
  }

  @Override
  public void generate(Generate options) throws Exception {
    record(options);
  }

  @Override
  public void evaluate(Evaluate options) throws Exception {
    record(options);
  }

  @Override
  public void preferences(Preferences options) throws Exception {
    record(options);
  }

  @Override
  public void theory(Theory options) throws Exception {
    record(options);
  }

  @Override
  public void bench(Bench options) throws Exception {
    record(options);
  }

  @Override
  public void endurance(Endurance options) throws Exception {
    record(options);
  }

  @Override
  public void compare(Compare options) throws Exception {
    record(options);
  }

  @Override
  public void journalCreate(JournalCreate options) throws Exception {
    record(options);
  }

  @Override
  public void journalServe(JournalServe options) throws Exception {
    record(options);
  }

  @Override
  public void node(Node options) throws Exception {
    record(options);
  }

  @Override
  public void submit(Submit options) throws Exception {
    record(options);
  }

  @Override
  public void control(Control options) throws Exception {
    record(options);
  }

  @Override
  public void local(Local options) throws Exception {
    record(options);
  }

  private void record(Record options) throws Exception {
    asked = options;
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw (Exception) failure;
    }
  }
}
