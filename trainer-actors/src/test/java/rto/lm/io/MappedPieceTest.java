package rto.lm.io;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class MappedPieceTest {

  /** Three pieces, the last of which has five bytes. */
  private static final int SIZE = 2 * MappedPiece.LENGTH + 5;

  @TempDir Path folder;
  private Path file;

  /** Byte i is i mod 251, a prime: no piece looks like another one. */
  @BeforeEach
  void write() throws IOException {
    file = Files.write(folder.resolve("file"), first(SIZE));
  }

  private static byte[] first(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = at(i);
    }
    return bytes;
  }

  private static byte at(int i) {
    return (byte) (i % 251);
  }

  @Test
  void bytesAcrossPiecesArriveInOrderFromAnyPlace() throws IOException {
    for (int from : new int[] {1, MappedPiece.LENGTH - 3, 2 * MappedPiece.LENGTH}) {
      for (ByteBuffer into :
          new ByteBuffer[] {ByteBuffer.allocate(SIZE), ByteBuffer.allocateDirect(SIZE)}) {
        into.position(from);
        try (FileChannel channel = FileChannel.open(file, READ)) {
          MappedPiece.read(channel, from, into);
        }
        into.position(from);
        for (int i = from; i < SIZE; i++) {
          if (into.get() != at(i)) {
            throw new AssertionError("byte " + i + ", read from " + from + " on");
          }
        }
      }
    }
  }

  @Test
  void nothingIsReadIntoABufferWithoutRoom() throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ)) {
      MappedPiece.read(channel, SIZE, ByteBuffer.allocate(0));
    }
  }

  /** A channel that can write would otherwise make the file longer. */
  @Test
  void whatIsBehindTheEndIsRefusedAndTheFileStaysAsItIs() throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
      assertThatThrownBy(() -> MappedPiece.read(channel, SIZE - 4, ByteBuffer.allocate(5)))
          .isInstanceOf(EOFException.class)
          .hasMessage("file ended at %s (expected: at %s or on)", SIZE, SIZE + 1);
    }
    assertThat(Files.size(file)).isEqualTo(SIZE);
  }

  /** Its pages are gone then: the copy faults. */
  @Test
  void aFileThatIsCutOffWhileItIsMappedIsAnErrorThatNamesTheLength() throws IOException {
    cutOff(0);
    cutOff(4096);
  }

  /**
   * Compiled code copies without entering the virtual machine, which would tell it of the fault.
   */
  @Test
  void soItIsWhenTheCopyHasLongBeenCompiled() throws IOException {
    ByteBuffer into = ByteBuffer.allocateDirect(4096);
    try (FileChannel channel = FileChannel.open(file, READ);
        MappedPiece piece = new MappedPiece(channel, 0, 4096)) {
      for (int i = 0; i < 30_000; i++) {
        piece.copyInto(into.clear());
      }
    }
    for (int i = 0; i < 50; i++) {
      cutOff(0);
      cutOff(4096);
    }
  }

  /** Within the last page nothing faults, and zeros would be read. */
  @Test
  void soIsOneThatLosesItsLastByteAlone() throws IOException {
    cutOff(99_999);
  }

  private void cutOff(int length) throws IOException {
    Files.write(file, first(100_000));
    try (FileChannel channel = FileChannel.open(file, READ, WRITE);
        MappedPiece piece = new MappedPiece(channel, 0, 100_000)) {
      channel.truncate(length);
      assertThatThrownBy(() -> piece.copyInto(ByteBuffer.allocateDirect(100_000)))
          .isInstanceOf(EOFException.class)
          .hasMessage("file ended at %s (expected: at 100000 or on)", length);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void nothingStaysMapped() throws IOException {
    try (FileChannel channel = FileChannel.open(file, READ)) {
      try (MappedPiece piece = new MappedPiece(channel, 0, 4096)) {
        piece.copyInto(ByteBuffer.allocate(4096));
        assertThat(mapped()).contains(file.toRealPath().toString());
      }
      MappedPiece.read(channel, 0, ByteBuffer.allocate(SIZE));
      assertThat(mapped()).doesNotContain(file.toRealPath().toString());
    }
  }

  private static String mapped() throws IOException {
    return Files.readString(Path.of("/proc/self/maps"));
  }
}
