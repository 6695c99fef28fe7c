package rto.node;

import static rto.protocol.Require.problem;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import rto.protocol.Require;

/**
 * What proves who a node is, and whom it believes: PEM files. All of them, and the cluster's nodes
 * speak TLS and ask each other for certificates; none of them, and they speak plain TCP.
 *
 * @param certificate of this node, issued by the CA itself; it shares a name (CN or SAN) with every
 *     other node's
 * @param key of the certificate: RSA, in PKCS#1 or unencrypted PKCS#8
 * @param ca the certificate of who issues the nodes' certificates, and nobody else's
 */
record TlsSettings(Optional<Path> certificate, Optional<Path> key, Optional<Path> ca) {

  static final TlsSettings OFF =
      new TlsSettings(Optional.empty(), Optional.empty(), Optional.empty());

  private static final String ENGINE = "akka.remote.artery.ssl.rotating-keys-engine.";

  TlsSettings {
    long given = Stream.of(certificate, key, ca).filter(Optional::isPresent).count();
    Require.all(
        problem(
            given == 0 || given == 3,
            "certificate: %s, key: %s, ca: %s (expected: all three or none)",
            text(certificate),
            text(key),
            text(ca)));
    if (given == 3) {
      TlsFiles.check(certificate.get(), key.get(), ca.get());
    }
  }

  boolean isOn() {
    return certificate.isPresent();
  }

  /** Akka's settings. The files are read again every few minutes: certificates may be replaced. */
  Map<String, Object> akka() {
    return isOn()
        ? Map.of(
            "akka.remote.artery.transport",
            "tls-tcp",
            "akka.remote.artery.ssl.ssl-engine-provider",
            "akka.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider",
            ENGINE + "cert-file",
            absolute(certificate),
            ENGINE + "key-file",
            absolute(key),
            ENGINE + "ca-cert-file",
            absolute(ca))
        : Map.of();
  }

  private static String absolute(Optional<Path> file) {
    return file.orElseThrow().toAbsolutePath().toString();
  }

  private static String text(Optional<Path> file) {
    return file.map(Path::toString).orElse("off");
  }
}
