package rto.rollout;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import rto.protocol.WeightsRef;
import rto.protocol.WeightsReply.Chunk;

/** A snapshot on its way: the bytes so far, in order, and their running hash. */
final class Download {

  // What one Java array can hold.
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8;

  private final WeightsRef ref;
  private final byte[] bytes;
  private final MessageDigest sha256;
  private int received = 0;

  Download(WeightsRef ref) {
    this.ref = ref;
    this.bytes = new byte[(int) ref.bytes()];
    this.sha256 = sha256();
  }

  /** Whether a snapshot of this size can be held at all. */
  static boolean fits(WeightsRef ref) {
    return ref.bytes() <= MAX_BYTES;
  }

  /** Where the next chunk begins. */
  long offset() {
    return received;
  }

  /** Whether this chunk is the next one; a late answer to a question asked twice is not. */
  boolean continuesWith(Chunk chunk) {
    return chunk.weights().equals(ref) && chunk.offset() == received;
  }

  /** Adds the chunk; false if it cannot be a part of these weights. */
  boolean add(Chunk chunk) {
    byte[] part = chunk.bytes();
    if (part.length == 0 || part.length > bytes.length - received) {
      return false;
    }
    System.arraycopy(part, 0, bytes, received, part.length);
    sha256.update(part);
    received += part.length;
    return true;
  }

  boolean isComplete() {
    return received == bytes.length;
  }

  /** Whether a complete download is what its name says. Ask once: the hash is used up. */
  boolean isIntact() {
    return HexFormat.of().formatHex(sha256.digest()).equals(ref.sha256());
  }

  byte[] bytes() {
    return bytes;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
