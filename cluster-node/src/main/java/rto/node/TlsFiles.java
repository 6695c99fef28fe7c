package rto.node;

import akka.pki.pem.DERPrivateKeyLoader;
import akka.pki.pem.PEMDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import rto.protocol.Require;

/** Looks at the files of {@link TlsSettings} before a node is started with them. */
final class TlsFiles {

  private static final String KEY_FORMATS =
      "an RSA key in PEM, PKCS#1 (BEGIN RSA PRIVATE KEY) or unencrypted PKCS#8 (BEGIN PRIVATE KEY)";

  private TlsFiles() {}

  /**
   * @throws IllegalArgumentException naming the file that does not do, and why
   */
  static void check(Path certificate, Path key, Path ca) {
    PrivateKey secret = key(key);
    X509Certificate own = certificate("certificate", certificate);
    X509Certificate issuer = certificate("ca", ca);
    boolean belongs =
        own.getPublicKey() instanceof RSAKey mine
            && secret instanceof RSAKey other
            && mine.getModulus().equals(other.getModulus());
    Require.that(belongs, "key: %s (expected: the key of %s)", key, certificate);
    try {
      own.checkValidity();
      own.verify(issuer.getPublicKey());
    } catch (GeneralSecurityException e) {
      throw refused("certificate", certificate, "valid today and issued by " + ca, e);
    }
  }

  private static PrivateKey key(Path file) {
    try {
      return DERPrivateKeyLoader.load(PEMDecoder.decode(Files.readString(file)));
    } catch (Exception e) { // also checked ones that Akka's Scala does not declare
      throw refused("key", file, KEY_FORMATS, e);
    }
  }

  private static X509Certificate certificate(String name, Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException | GeneralSecurityException e) {
      throw refused(name, file, "a certificate in PEM", e);
    }
  }

  private static IllegalArgumentException refused(
      String name, Path file, String expected, Exception cause) {
    String why = cause instanceof NoSuchFileException ? "no such file" : cause.getMessage();
    return new IllegalArgumentException(
        "%s: %s (expected: %s; %s)".formatted(name, file, expected, why), cause);
  }
}
