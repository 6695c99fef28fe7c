package rto.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import rto.checkpoint.WholeFolder;
import rto.lm.Decoder;
import rto.lm.Weights;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.Tokenizer;

/**
 * A checkpoint of the learner:
 *
 * <pre>
 *   policy/  critic/                       models in the Hugging Face layout, or adapters in PEFT's
 *   policy-optimizer/  critic-optimizer/   first.safetensors, second.safetensors: AdamW's moments
 *   state.json                             counters and the digest of it all
 * </pre>
 *
 * A learner without a critic has none of the critic's files and no criticSteps.
 */
final class LearnerFiles {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STATE = "state.json";
  private static final String REWARD = "reward";

  private LearnerFiles() {}

  /**
   * Counters, and what they lead to.
   *
   * @param learned iterations
   * @param policySteps optimizer steps so far
   * @param criticSteps the same, of the critic, if there is one
   * @param beta2 the KL coefficient
   * @param reward mean r_MLE of the iteration learned last, if it is a number; no part of the
   *     digest
   * @param digest of everything else
   */
  record State(
      int learned,
      long policySteps,
      OptionalLong criticSteps,
      double beta2,
      OptionalDouble reward,
      String digest) {

    ObjectNode json() {
      ObjectNode json = JSON.createObjectNode().put("learned", learned);
      json.put("policySteps", policySteps);
      criticSteps.ifPresent(steps -> json.put("criticSteps", steps));
      json.put("beta2", beta2);
      reward.ifPresent(value -> json.put(REWARD, value));
      return json.put("digest", digest);
    }
  }

  /**
   * @param models the tokenizer's files lie in their folder, if there are some: they are copied to
   *     the policy, which is then a model for every command
   */
  static void write(
      Path folder, State state, Trainee policy, Optional<Trainee> critic, Models models)
      throws IOException {
    WholeFolder.write(
        folder,
        into -> {
          Files.writeString(
              into.resolve(STATE),
              JSON.writerWithDefaultPrettyPrinter().writeValueAsString(state.json()));
          Path model = Files.createDirectory(into.resolve("policy"));
          Tokenizer.copyFiles(models.folder(), model);
          writeModel(into, "policy", policy, models);
          if (critic.isPresent()) {
            writeModel(into, "critic", critic.get(), models);
          }
        });
  }

  static State readState(Path folder) throws IOException {
    WholeFolder.verify(folder);
    JsonNode json = JSON.readTree(folder.resolve(STATE).toFile());
    return new State(
        json.required("learned").asInt(),
        json.required("policySteps").asLong(),
        json.has("criticSteps")
            ? OptionalLong.of(json.get("criticSteps").asLong())
            : OptionalLong.empty(),
        json.required("beta2").asDouble(),
        reward(json),
        json.required("digest").asText());
  }

  /** The reward in a checkpoint's state, unverified; empty if it cannot be read. */
  static OptionalDouble reward(Path folder) {
    try {
      return reward(JSON.readTree(folder.resolve(STATE).toFile()));
    } catch (IOException damaged) {
      return OptionalDouble.empty(); // told by those who verify the folder
    }
  }

  private static OptionalDouble reward(JsonNode state) {
    return state.path(REWARD).isNumber()
        ? OptionalDouble.of(state.get(REWARD).asDouble())
        : OptionalDouble.empty();
  }

  static AdamW readOptimizer(
      Path folder, String name, OptimizerSettings settings, Decoder model, long steps)
      throws IOException {
    Path moments = folder.resolve(name + "-optimizer");
    Map<String, long[]> shapes = model.trained().shapes();
    Weights first = HfCheckpoint.loadTensors(shapes, moments.resolve("first.safetensors"));
    Weights second = HfCheckpoint.loadTensors(shapes, moments.resolve("second.safetensors"));
    return new AdamW(settings, first, second, steps);
  }

  private static void writeModel(Path folder, String name, Trainee trainee, Models models)
      throws IOException {
    models.save(trainee.model(), Files.createDirectories(folder.resolve(name)));
    Path moments = Files.createDirectory(folder.resolve(name + "-optimizer"));
    AdamW optimizer = trainee.optimizer();
    HfCheckpoint.saveTensors(optimizer.first(), Map.of(), moments.resolve("first.safetensors"));
    HfCheckpoint.saveTensors(optimizer.second(), Map.of(), moments.resolve("second.safetensors"));
  }
}
