package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.node.settings.ConfigMistakes;
import rto.node.settings.Settings;

class TlsSettingsTest {

  @TempDir private static Path folder;
  private static Certificates made;

  @BeforeAll
  static void makeCertificates() throws Exception {
    made = new Certificates(folder);
    made.makeCa("ca");
    made.makeCa("other-ca");
    made.makeNode("good", "ca");
    made.makeNode("elliptic", "ca", "-keyalg", "EC");
  }

  @Test
  void withoutFilesThereIsNoTlsAndAWideAddressIsToldOf() {
    NodeSettings wide = settings(List.of("host=10.0.0.1"));

    assertThat(wide.tls().isOn()).isFalse();
    assertThat(NodeConfig.of(wide).getString("akka.remote.artery.transport")).isEqualTo("tcp");
    assertThat(wide.warnings())
        .singleElement()
        .asString()
        .startsWith("host: 10.0.0.1 is reached by others");
    assertThat(settings(List.of("host=0.0.0.0")).warnings()).isNotEmpty();
    assertThat(settings(List.of()).warnings()).isEmpty();
    assertThat(settings(List.of("host=127.0.1.1")).warnings()).isEmpty();
  }

  @Test
  void withFilesThereIsTlsAndAWideAddressNeedsNoWord() {
    List<String> tls = made.settings("good", "ca");
    NodeSettings wide = settings(Stream.concat(Stream.of("host=10.0.0.1"), tls.stream()).toList());

    assertThat(NodeConfig.of(wide).getString("akka.remote.artery.transport")).isEqualTo("tls-tcp");
    assertThat(NodeConfig.ofClient(wide.tls()).getString("akka.remote.artery.transport"))
        .isEqualTo("tls-tcp");
    assertThat(wide.warnings()).isEmpty();
  }

  @Test
  void keyMayBeInPkcs1() throws Exception {
    // PKCS#8 of an RSA key of 2048 bits is PKCS#1 behind 26 bytes that say what it is.
    byte[] pkcs8 = made.keyStore().getKey("good", Certificates.password()).getEncoded();
    Path key = folder.resolve("pkcs1.key");
    Certificates.pem(key, "RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));

    assertThat(settings(files("good", key, "ca")).tls().isOn()).isTrue();
  }

  @Test
  void allFilesAreGivenOrNone() {
    assertThatThrownBy(() -> settings(List.of("tls.key=a.pem")))
        .isInstanceOf(ConfigMistakes.class)
        .hasMessageContaining(
            "tls.certificate: off, key: a.pem, ca: off (expected: all three or none)");
  }

  @Test
  void fileThatDoesNotDoIsNamedWithTheReason() throws IOException {
    Path text = Files.writeString(folder.resolve("text.pem"), "no PEM at all");
    Path encrypted =
        Files.writeString(
            folder.resolve("encrypted.key"),
            Files.readString(made.key("good")).replace("PRIVATE", "ENCRYPTED PRIVATE"));

    refused("good", made.key("nobody"), "ca", "tls.key: ", "nobody.key", "no such file");
    refused("nobody", made.key("good"), "ca", "tls.certificate: ", "nobody.crt", "no such file");
    refused("good", made.key("good"), "nobody", "tls.ca: ", "nobody.crt", "no such file");
    refused("good", text, "ca", "tls.key: ", "text.pem (expected: an RSA key in PEM, PKCS#1");
    refused("good", encrypted, "ca", "tls.key: ", "unencrypted PKCS#8");
    refused("elliptic", made.key("elliptic"), "ca", "tls.key: ", "an RSA key in PEM");
    refused("good", made.key("ca"), "ca", "tls.key: ", "(expected: the key of ");
    refused("good", made.key("good"), "other-ca", "tls.certificate: ", "issued by ");
  }

  private static void refused(String certificate, Path key, String ca, String... said) {
    assertThatThrownBy(() -> settings(files(certificate, key, ca)))
        .isInstanceOf(ConfigMistakes.class)
        .hasMessageContainingAll(said);
  }

  private static List<String> files(String certificate, Path key, String ca) {
    return List.of(
        "tls.certificate=" + made.certificate(certificate),
        "tls.key=" + key,
        "tls.ca=" + made.certificate(ca));
  }

  private static NodeSettings settings(List<String> overrides) {
    // A learner's node would open a journal.
    List<String> all = Stream.concat(Stream.of("roles=[rollout]"), overrides.stream()).toList();
    return Settings.load(Optional.empty(), all, NodeSettings.DEFAULTS, NodeSettings.class);
  }
}
