package rto.node.journal;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Passwords that nobody has to remember. */
public final class Secret {

  private static final int BYTES = 16;

  private Secret() {}

  /** A new one, in hexadecimal digits. */
  public static String draw() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
