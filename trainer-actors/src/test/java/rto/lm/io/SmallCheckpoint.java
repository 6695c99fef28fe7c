package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Weights;
import rto.lm.io.Safetensors.Content;
import rto.lm.io.Safetensors.Tensor;
import rto.lm.io.Safetensors.Type;

/** A small model, its tensors, and files with them. */
abstract class SmallCheckpoint {

  static final ObjectMapper JSON = new ObjectMapper();
  static final String NORM = "model.norm.weight";
  static final DecoderConfig CONFIG =
      new DecoderConfig(19, 8, 12, 2, 4, 2, 4, 1e-5, 10_000, 64, 1, 2, new Head.Language(false));

  @TempDir Path folder;
  Decoder model;

  @BeforeEach
  void create() {
    model = new Decoder(CONFIG, Weights.random(CONFIG, 1));
  }

  @AfterEach
  void close() {
    model.close();
  }

  final Map<String, Tensor> tensors() {
    return tensors(model);
  }

  static Map<String, Tensor> tensors(Decoder model) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    model
        .weights()
        .byName()
        .forEach(
            (name, array) ->
                tensors.put(
                    name,
                    new Tensor(Type.F32, array.getShape().getShape(), () -> Weights.bytes(array))));
    return tensors;
  }

  static Tensor tensor(long... shape) {
    int bytes = (int) new Shape(shape).size() * 4;
    return new Tensor(Type.F32, shape, () -> ByteBuffer.allocate(bytes));
  }

  final Path save(Map<String, Tensor> tensors, String name) throws IOException {
    Files.writeString(folder.resolve("config.json"), HfConfig.write(CONFIG));
    return saveFile(tensors, folder.resolve(name));
  }

  static Path saveFile(Map<String, Tensor> tensors, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      Safetensors.write(new Content(tensors, Map.of()), Channels.newChannel(out));
    }
    return file;
  }

  static void assertSame(Decoder expected, Decoder actual) {
    assertThat(actual.config()).isEqualTo(expected.config());
    assertThat(actual.weights().names()).isEqualTo(expected.weights().names());
    for (String name : expected.weights().names()) {
      assertThat(actual.weights().get(name).toFloatArray())
          .containsExactly(expected.weights().get(name).toFloatArray());
    }
  }
}
