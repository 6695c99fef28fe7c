package rto.node;

/** Another process works in the folder. */
final class FolderBusy extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  FolderBusy(String message) {
    super(message);
  }
}
