package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rto.checkpoint.ScratchFile;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Weights;
import rto.lm.io.Safetensors.Tensor;

class HfCheckpointTest extends SmallCheckpoint {

  @Test
  void savedModelLoadsBitEqual() throws IOException {
    for (Head head :
        List.of(new Head.Language(false), new Head.Language(true), new Head.Scalar(0.1, 2))) {
      DecoderConfig config = CONFIG.withHead(head);
      Path place = Files.createDirectory(folder.resolve(head.toString().replaceAll("\\W", "-")));
      try (Decoder saved = new Decoder(config, Weights.random(config, 2))) {
        HfCheckpoint.save(saved, place);
        try (Decoder loaded = HfCheckpoint.load(place)) {
          assertSame(saved, loaded);
        }
      }
    }
  }

  @Test
  void bytesAreThoseOfTheModelAloneAndLoadBitEqual() throws IOException {
    byte[] bytes = bytes(model);
    assertThat(bytes(model)).isEqualTo(bytes);
    try (ScratchFile file = ScratchFile.of(bytes);
        Decoder copy = new Decoder(CONFIG, model.weights().copy());
        Decoder loaded = HfCheckpoint.read(file.channel(), "weights of version 3")) {
      assertThat(bytes(copy)).isEqualTo(bytes);
      assertThat(bytes(loaded)).isEqualTo(bytes);
      assertSame(model, loaded);
    }
    try (ScratchFile cut = ScratchFile.of(Arrays.copyOf(bytes, bytes.length - 1))) {
      assertThatThrownBy(() -> HfCheckpoint.read(cut.channel(), "weights of version 3"))
          .isInstanceOf(MalformedFile.class)
          .hasMessageContaining("weights of version 3");
    }
  }

  private static byte[] bytes(Decoder model) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    HfCheckpoint.write(model, Channels.newChannel(bytes));
    return bytes.toByteArray();
  }

  @Test
  void aModelIsNeverOverwritten() throws IOException {
    HfCheckpoint.save(model, folder);
    DecoderConfig tied = CONFIG.withHead(new Head.Language(true));
    try (Decoder other = new Decoder(tied, Weights.random(tied, 5))) {
      assertThatThrownBy(() -> HfCheckpoint.save(other, folder))
          .isInstanceOf(FileAlreadyExistsException.class);
    }
    try (Decoder loaded = HfCheckpoint.load(folder)) {
      assertSame(model, loaded);
    }
  }

  @Test
  void generationConfigNamesBeginAndEnd() throws IOException {
    HfCheckpoint.save(model, folder);
    JsonNode json = JSON.readTree(folder.resolve("generation_config.json").toFile());
    assertThat(json.get("bos_token_id").asInt()).isEqualTo(1);
    assertThat(json.get("eos_token_id").asInt()).isEqualTo(2);
  }

  @Test
  void whatOlderProgramsStoredBesideAModelIsPassedOver() throws IOException {
    DecoderConfig tied = CONFIG.withHead(new Head.Language(true));
    try (Decoder small = new Decoder(tied, Weights.random(tied, 3))) {
      Map<String, Tensor> tensors = tensors(small);
      tensors.put("model.layers.0.self_attn.rotary_emb.inv_freq", tensor(2));
      tensors.put("lm_head.weight", tensors.get("model.embed_tokens.weight"));
      Files.writeString(folder.resolve("config.json"), HfConfig.write(tied));
      saveFile(tensors, folder.resolve("model.safetensors"));
      try (Decoder loaded = HfCheckpoint.load(folder)) {
        assertSame(small, loaded);
      }
      tensors.put("lm_head.weight", tensor(19, 8));
      saveFile(tensors, folder.resolve("model.safetensors"));
      assertThatThrownBy(() -> HfCheckpoint.load(folder))
          .isInstanceOf(MalformedFile.class)
          .hasMessageContaining("lm_head.weight: shape [19, 8] (expected: no such tensor)");
    }
  }

  @Test
  void theDecoderRemainsUsableAfterItsFileIsGone() throws IOException {
    HfCheckpoint.save(model, folder);
    try (Decoder loaded = HfCheckpoint.load(folder)) {
      Files.write(folder.resolve("model.safetensors"), new byte[0]);
      assertSame(model, loaded);
    }
  }

  @Test
  void missingSuperfluousAndMisshapenTensorsAreAllNamedWithShapesAndFile() throws IOException {
    Map<String, Tensor> tensors = tensors();
    tensors.remove(NORM);
    tensors.put("model.rotary.inv_freq", tensor(3));
    tensors.put("lm_head.weight", tensor(19, 7));
    Path file = save(tensors, "model.safetensors");
    assertThatThrownBy(() -> HfCheckpoint.load(folder))
        .isInstanceOf(MalformedFile.class)
        .hasMessageContaining(NORM + ": missing (expected: shape [8]) in " + file)
        .hasMessageContaining("lm_head.weight: shape [19, 7] (expected: [19, 8]) in " + file)
        .hasMessageContaining(
            "model.rotary.inv_freq: shape [3] (expected: no such tensor) in " + file);
  }

  @Test
  void aFolderWithoutConfigOrWeightsIsRefused() throws IOException {
    assertThatThrownBy(() -> HfCheckpoint.load(folder))
        .hasMessageContaining("model: " + folder)
        .hasMessageContaining("config.json");
    Files.writeString(folder.resolve("config.json"), HfConfig.write(CONFIG));
    assertThatThrownBy(() -> HfCheckpoint.load(folder))
        .hasMessageContaining(folder.resolve("model.safetensors").toString());
  }

  /** Tokenizer, template and generation settings travel; sizes and architecture are told. */
  @Test
  void aFolderHasWhatOtherProgramsNeed() throws IOException {
    Path published = Path.of("src/test/resources/tokenizers/qwen25");
    DecoderConfig config = HfCheckpoint.config(published);
    Tokenizer.copyFiles(published, folder);
    try (Decoder written = new Decoder(config, Weights.random(config, 3))) {
      HfCheckpoint.save(written, folder);
    }
    for (String name :
        List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "chat_template.jinja",
            "generation_config.json")) {
      assertThat(folder.resolve(name)).hasSameBinaryContentAs(published.resolve(name));
    }
    JsonNode json = JSON.readTree(folder.resolve("config.json").toFile());
    assertThat(json.at("/architectures/0").asText()).isEqualTo("Qwen2ForCausalLM");
    assertThat(json.get("torch_dtype").asText()).isEqualTo("float32");
    assertThat(json.get("eos_token_id").toString())
        .isEqualTo(
            JSON.readTree(published.resolve("generation_config.json").toFile())
                .get("eos_token_id")
                .toString());
    assertThat(HfCheckpoint.config(folder)).isEqualTo(config);
  }
}
