package rto.node.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import rto.bench.Clock;
import rto.lm.ComputeType;
import rto.protocol.Sampling;
import rto.tensor.ComputeDevice;

/**
 * What the program can do, one method per command. An exception ends the program with status 1 and
 * its message as the one line that the user reads; {@link rto.node.settings.ConfigMistakes} with
 * status 2.
 */
public interface Operations {

  void quickstart(Quickstart options) throws Exception;

  void train(Train options) throws Exception;

  void resume(Resume options) throws Exception;

  void generate(Generate options) throws Exception;

  void evaluate(Evaluate options) throws Exception;

  void preferences(Preferences options) throws Exception;

  void merge(Merge options) throws Exception;

  void theory(Theory options) throws Exception;

  void bench(Bench options) throws Exception;

  void endurance(Endurance options) throws Exception;

  void compare(Compare options) throws Exception;

  void journalCreate(JournalCreate options) throws Exception;

  void journalServe(JournalServe options) throws Exception;

  void node(Node options) throws Exception;

  void submit(Submit options) throws Exception;

  void control(Control options) throws Exception;

  void local(Local options) throws Exception;

  /**
   * @param out the run's folder; a run of the same seed that was interrupted there goes on
   * @param overrides {@code key=value} each
   */
  record Quickstart(Path out, long seed, List<String> overrides) {}

  /**
   * @param config exists
   * @param out the run's folder
   * @param overrides {@code key=value} each
   */
  record Train(Path config, Path out, List<String> overrides) {}

  /**
   * @param folder exists: that of an interrupted run
   * @param overrides {@code resources.key=value} each
   */
  record Resume(Path folder, List<String> overrides) {}

  /**
   * @param model exists: a folder in the Hugging Face layout
   * @param chat whether the prompt is what a user says, for the model's chat template to render
   * @param device need not be there
   */
  record Generate(
      Path model,
      String prompt,
      Sampling sampling,
      long seed,
      boolean chat,
      ComputeDevice device) {}

  /**
   * @param prompts exists: JSON Lines with {@code prompt}, plain or gzip
   * @param reward name of a gold reward that exists
   * @param out where to write JSON Lines with {@code prompt}, {@code response}, {@code reward},
   *     {@code truncated}
   * @param chat whether prompts are what a user says, for the model's chat template to render
   * @param device need not be there
   */
  record Evaluate(
      Path model,
      Path prompts,
      String reward,
      Sampling sampling,
      long seed,
      Optional<Path> out,
      boolean chat,
      ComputeDevice device) {}

  /**
   * @param out where to write JSON Lines with {@code prompt}, {@code chosen}, {@code rejected}
   * @param heldOut part of the pairs that goes to a file of its own, beside it
   * @param labelTemperature spread of the label noise, in units of the reward
   * @param device need not be there
   */
  record Preferences(
      Path model,
      Path prompts,
      String reward,
      Sampling sampling,
      long seed,
      Path out,
      double heldOut,
      double labelTemperature,
      ComputeDevice device) {}

  /**
   * @param adapter exists: a folder in PEFT's layout
   * @param model its base, if not the one that it names
   * @param out is not there yet
   */
  record Merge(Path adapter, Optional<Path> model, Path out) {}

  /**
   * @param out where to write the page and the figures
   * @param seeds random problems to average over, at least two
   */
  record Theory(Optional<Path> out, int seeds, long seed) {}

  /**
   * @param shapes names, in order
   * @param out where to write the figures
   * @param device need not be there
   * @param torchThreads intra-op threads of libtorch
   * @param computeThreads that share the work
   * @param clock what is counted as time
   * @param eager whether each shape is compared with plain eager execution too
   * @param repeats of each measurement, if not as the shape says
   */
  record Bench(
      List<String> shapes,
      Optional<Path> out,
      ComputeDevice device,
      int torchThreads,
      int computeThreads,
      Clock clock,
      ComputeType computeType,
      boolean eager,
      OptionalInt repeats) {}

  /**
   * @param steps learner steps, and tasks sampled
   * @param out where to write the figures
   */
  record Endurance(int steps, Optional<Path> out) {}

  /**
   * @param config exists
   * @param out the comparison's folder
   * @param arms names of those that are compared; none means all of the file
   * @param seeds how many, if not as the file says
   * @param parallel runs at a time
   * @param overrides {@code key=value} each
   */
  record Compare(
      Path config,
      Path out,
      List<String> arms,
      OptionalInt seeds,
      int parallel,
      List<String> overrides) {}

  /**
   * @param config exists: a file with a section {@code journal}
   * @param folder the node's
   * @param overrides {@code journal.key=value} each
   */
  record JournalCreate(Optional<Path> config, Path folder, List<String> overrides) {}

  /**
   * @param folder where the journal lies
   * @param port on loopback; 0 takes a free one
   */
  record JournalServe(Path folder, int port) {}

  /**
   * @param config settings of nodes, if there is a file
   * @param overrides {@code key=value} each
   * @param withParent whether the process ends with the one that started it
   */
  record Node(Optional<Path> config, List<String> overrides, boolean withParent) {}

  /**
   * @param config exists
   * @param name of the run, and of its folder
   * @param follow whether to wait for the run's end
   * @param overrides {@code key=value} each
   */
  record Submit(
      Path config, String name, Cluster cluster, boolean follow, List<String> overrides) {}

  /** What a user may ask of a cluster. */
  enum Action {
    STATUS,
    PAUSE,
    CONTINUE,
    STOP,
    DRAIN
  }

  /**
   * @param node which one to drain
   */
  record Control(Action action, Cluster cluster, Optional<String> node) {}

  /**
   * The way into a cluster.
   *
   * @param nodes {@code host:port} each, any of it
   * @param tls settings as a node's, {@code key=value} each; none for a cluster without TLS
   */
  record Cluster(List<String> nodes, List<String> tls) {}

  /**
   * @param config exists
   * @param out the run's folder
   * @param learners, rollouts, references, dpos, rewards how many processes of each role
   * @param overrides {@code key=value} each
   */
  record Local(
      Path config,
      Path out,
      int learners,
      int rollouts,
      int references,
      int dpos,
      int rewards,
      List<String> overrides) {}
}
