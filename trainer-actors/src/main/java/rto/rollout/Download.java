package rto.rollout;

import java.io.IOException;
import java.nio.ByteBuffer;
import rto.checkpoint.ScratchFile;
import rto.protocol.WeightsRef;
import rto.protocol.WeightsReply.Chunk;

/** A snapshot on its way: the bytes so far, in order, in a file that nobody else sees. */
final class Download {

  private final WeightsRef ref;
  private final ScratchFile file;
  private long asked = 0;

  Download(WeightsRef ref) throws IOException {
    this.ref = ref;
    this.file = ScratchFile.create();
  }

  /** Where the next chunk begins. */
  long offset() {
    return file.length();
  }

  /** Whether there is more to ask for, no more than {@code ahead} bytes before they are there. */
  boolean canAsk(long ahead) {
    return asked < Math.min(ref.bytes(), file.length() + ahead);
  }

  /** Where the next question begins; the one after it begins {@code bytes} later. */
  long ask(int bytes) {
    long from = asked;
    asked += bytes;
    return from;
  }

  /** Forgets the questions that have no answer yet. */
  void askAgain() {
    asked = file.length();
  }

  /** Whether this chunk is the next one; a late answer to a question asked twice is not. */
  boolean continuesWith(Chunk chunk) {
    return chunk.weights().equals(ref) && chunk.offset() == file.length();
  }

  /** Adds the chunk; false if it cannot be a part of these weights. */
  boolean add(Chunk chunk) throws IOException {
    int length = chunk.bytes().length;
    if (length == 0 || length > ref.bytes() - file.length()) {
      return false;
    }
    file.write(ByteBuffer.wrap(chunk.bytes()));
    return true;
  }

  boolean isComplete() {
    return file.length() == ref.bytes();
  }

  /** Whether a complete download is what its name says. */
  boolean isIntact() {
    return file.sha256().equals(ref.sha256());
  }

  /** What is there so far, now the caller's to close. */
  ScratchFile file() {
    return file;
  }

  void discard() {
    file.close();
  }
}
