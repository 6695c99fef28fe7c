package rto.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ScratchFileTest {

  private static final byte[] ABC = {'a', 'b', 'c'};
  // The example of FIPS 180.
  private static final String SHA256_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void whatIsWrittenIsReadInPartsAndSummed() throws IOException {
    try (ScratchFile file = ScratchFile.create()) {
      file.write(ByteBuffer.wrap(ABC, 0, 1));
      file.write(ByteBuffer.wrap(ABC, 1, 2));

      assertThat(file.length()).isEqualTo(3);
      assertThat(file.sha256()).isEqualTo(SHA256_OF_ABC).isEqualTo(file.sha256());
      assertThat(file.read(0, 2)).containsExactly('a', 'b');
      assertThat(file.read(2, 2)).containsExactly('c');
      assertThat(file.read(3, 2)).isEmpty();
      assertThat(file.read(1L << 40, 2)).isEmpty();
    }
  }

  @Test
  void whatWasClosedIsGone() throws IOException {
    ScratchFile file = ScratchFile.of(ABC);
    file.close();

    assertThatThrownBy(() -> file.read(0, 1)).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void openFileIsInNoFolderSoThatNoDeathCanLeaveItThere() throws IOException {
    List<Path> before = scratch();
    try (ScratchFile file = ScratchFile.of(ABC)) {
      assertThat(file.isOpen()).isTrue();
      assertThat(scratch()).isEqualTo(before);
    }
  }

  private static List<Path> scratch() throws IOException {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(path -> path.getFileName().toString().matches("rto-[0-9a-f-]{36}"))
          .toList();
    }
  }
}
