package rto.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import rto.checkpoint.WholeFolder;
import rto.lm.Decoder;
import rto.lm.Weights;
import rto.lm.io.HfCheckpoint;

/**
 * A checkpoint of the learner:
 *
 * <pre>
 *   policy/  critic/                       models in the Hugging Face layout
 *   policy-optimizer/  critic-optimizer/   first.safetensors, second.safetensors: AdamW's moments
 *   state.json                             counters and the digest of it all
 * </pre>
 */
final class LearnerFiles {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STATE = "state.json";

  private LearnerFiles() {}

  /** Iterations learned, optimizer steps so far, the KL coefficient, the digest of everything. */
  record State(int learned, long policySteps, long criticSteps, double beta2, String digest) {}

  static void write(Path folder, State state, Trainee policy, Trainee critic) throws IOException {
    WholeFolder.write(
        folder,
        into -> {
          Files.writeString(
              into.resolve(STATE), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(state));
          writeModel(into, "policy", policy);
          writeModel(into, "critic", critic);
        });
  }

  static State readState(Path folder) throws IOException {
    WholeFolder.verify(folder);
    JsonNode json = JSON.readTree(folder.resolve(STATE).toFile());
    return new State(
        json.required("learned").asInt(),
        json.required("policySteps").asLong(),
        json.required("criticSteps").asLong(),
        json.required("beta2").asDouble(),
        json.required("digest").asText());
  }

  static Decoder readModel(Path folder, String name) throws IOException {
    return HfCheckpoint.load(folder.resolve(name));
  }

  static AdamW readOptimizer(
      Path folder, String name, OptimizerSettings settings, Decoder model, long steps)
      throws IOException {
    Path moments = folder.resolve(name + "-optimizer");
    Weights first = HfCheckpoint.loadTensors(model.config(), moments.resolve("first.safetensors"));
    Weights second =
        HfCheckpoint.loadTensors(model.config(), moments.resolve("second.safetensors"));
    return new AdamW(settings, first, second, steps);
  }

  private static void writeModel(Path folder, String name, Trainee trainee) throws IOException {
    Path model = Files.createDirectory(folder.resolve(name));
    HfCheckpoint.save(trainee.model(), model);
    Path moments = Files.createDirectory(folder.resolve(name + "-optimizer"));
    AdamW optimizer = trainee.optimizer();
    HfCheckpoint.saveTensors(optimizer.first(), Map.of(), moments.resolve("first.safetensors"));
    HfCheckpoint.saveTensors(optimizer.second(), Map.of(), moments.resolve("second.safetensors"));
  }
}
