package rto.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** Keys and certificates as PEM files, made by the JDK's keytool. */
final class Certificates {

  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final Path store;

  Certificates(Path folder) {
    this.folder = folder;
    this.store = folder.resolve("store.p12");
  }

  /** Makes {@code NAME.crt} and {@code NAME.key} of one who issues certificates. */
  void makeCa(String name) throws Exception {
    make(name, "-dname", "CN=" + name, "-ext", "bc:c");
  }

  /**
   * Makes {@code NAME.crt} and {@code NAME.key}, issued by {@code ca}; all have one name inside.
   */
  void makeNode(String name, String ca, String... more) throws Exception {
    List<String> options = new ArrayList<>(List.of("-dname", "CN=rto-node", "-signer", ca));
    options.addAll(Arrays.asList(more));
    make(name, options.toArray(String[]::new));
  }

  Path certificate(String name) {
    return folder.resolve(name + ".crt");
  }

  Path key(String name) {
    return folder.resolve(name + ".key");
  }

  /** The settings of a node. */
  List<String> settings(String name, String ca) {
    return List.of(
        "tls.certificate=" + certificate(name),
        "tls.key=" + key(name),
        "tls.ca=" + certificate(ca));
  }

  KeyStore keyStore() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  /** One who has only this key and certificate. */
  KeyStore keyStore(String name) throws IOException, GeneralSecurityException {
    KeyStore all = keyStore();
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    char[] password = PASSWORD.toCharArray();
    one.setKeyEntry(name, all.getKey(name, password), password, all.getCertificateChain(name));
    return one;
  }

  static char[] password() {
    return PASSWORD.toCharArray();
  }

  private void make(String name, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", name, "-keystore", store.toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-validity", "2"));
    if (!Arrays.asList(options).contains("-keyalg")) {
      command.addAll(List.of("-keyalg", "RSA", "-keysize", "2048"));
    }
    command.addAll(Arrays.asList(options));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new AssertionError(said);
    }
    KeyStore keys = keyStore();
    pem(certificate(name), "CERTIFICATE", keys.getCertificate(name).getEncoded());
    pem(key(name), "PRIVATE KEY", keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
  }

  /** Writes a PEM file. */
  static void pem(Path file, String what, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    Files.writeString(
        file, "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(what, text, what));
  }
}
