package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import rto.lm.ComputeType;
import rto.lm.Decoder;
import rto.lm.io.Safetensors.Tensor;
import rto.lm.io.Safetensors.Type;

/** Weights in other numbers than float32, in files and in memory. */
class HfNumbersTest extends SmallCheckpoint {

  /** Of bfloat16 DJL says that it has no bytes, of float64 that it has twice as many. */
  @Test
  void weightsInOtherNumbersAreRefusedBeforeAnythingIsWritten() throws IOException {
    Path saved = Files.createDirectory(folder.resolve("saved"));
    Path refused = Files.createDirectory(folder.resolve("refused"));
    HfCheckpoint.save(model, saved, ComputeType.BFLOAT16);
    List<ThrowingCallable> uses = new ArrayList<>();
    try (Decoder rounded = HfCheckpoint.loadFrozen(saved);
        Decoder wide = HfCheckpoint.load(saved, Safetensors.Type.F64)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (Decoder other : List.of(rounded, wide)) {
        uses.add(() -> HfCheckpoint.save(other, refused));
        uses.add(() -> HfCheckpoint.write(other, Channels.newChannel(bytes)));
        uses.add(() -> other.weights().digest(MessageDigest.getInstance("SHA-256")));
      }
      for (ThrowingCallable use : uses) {
        assertThatThrownBy(use)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageMatching(
                "tensor model.embed_tokens.weight: (unknown|float64) \\(expected: float32, .*");
      }
      assertThat(bytes.size()).isZero();
      assertThat(refused).isEmptyDirectory();
    }
  }

  /** 1 + 2⁻⁸ lies between two bfloat16 numbers, 1 and 1 + 2⁻⁷: to even, 1. float64 has it. */
  @Test
  void weightsMayHaveAnotherTypeInMemory() throws IOException {
    model.weights().get(NORM).muli(0).addi(1 + Math.scalb(1.0, -8));
    HfCheckpoint.save(model, folder);
    try (Decoder rounded = HfCheckpoint.load(folder, Type.BF16);
        Decoder exact = HfCheckpoint.load(folder, Type.F64)) {
      assertThat(rounded.weights().get(NORM).toType(DataType.FLOAT32, true).toFloatArray())
          .containsOnly(1f);
      assertThat(exact.weights().get(NORM).toDoubleArray()).containsOnly(1.00390625);
    }
  }

  @Test
  void halfPrecisionAndDoubleFilesAreConverted() throws IOException {
    // 1.5 is 0x3E00 in float16 and 0x3FC0 in bfloat16; −0.0625 is 0xAC00 and 0xBD80.
    Map<Type, byte[][]> spelled =
        Map.of(
            Type.F16, new byte[][] {{0x00, 0x3E}, {0x00, (byte) 0xAC}},
            Type.BF16, new byte[][] {{(byte) 0xC0, 0x3F}, {(byte) 0x80, (byte) 0xBD}},
            Type.F64,
                new byte[][] {
                  {0, 0, 0, 0, 0, 0, (byte) 0xF8, 0x3F},
                  {0, 0, 0, 0, 0, 0, (byte) 0xB0, (byte) 0xBF}
                });
    for (Type type : spelled.keySet()) {
      ByteBuffer values = ByteBuffer.allocate(8 * type.bytes);
      for (int i = 0; i < 8; i++) {
        values.put(spelled.get(type)[i % 2]);
      }
      Map<String, Tensor> tensors = tensors();
      tensors.put(NORM, new Tensor(type, new long[] {8}, values::flip));
      Path place = Files.createDirectory(folder.resolve(type.name()));
      Files.writeString(place.resolve("config.json"), HfConfig.write(CONFIG));
      saveFile(tensors, place.resolve("model.safetensors"));
      try (Decoder loaded = HfCheckpoint.load(place)) {
        assertThat(loaded.weights().get(NORM).toFloatArray())
            .containsExactly(1.5f, -0.0625f, 1.5f, -0.0625f, 1.5f, -0.0625f, 1.5f, -0.0625f);
      }
    }
  }
}
