package rto.node;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import rto.checkpoint.WholeFolder;
import rto.data.world.WordTokenizerFiles;
import rto.lm.Adapter;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Differentiator;
import rto.lm.Head;
import rto.lm.Sequence;
import rto.lm.Weights;
import rto.lm.io.HfCheckpoint;
import rto.lm.lora.LoraConfig;
import rto.tensor.Torch;

/**
 * What a whole run takes beside what its base model and the gradient of one micro-batch take: peaks
 * of resident memory of processes of their own, printed as a table. Arguments: an empty or missing
 * folder, and kinds of runs out of {@code adapters}, {@code bfloat16}, which is adapters over a
 * base in bfloat16, and {@code whole}; none means all. The model has 110 million random weights.
 */
final class AdapterMemory {

  private static final DecoderConfig CONFIG =
      new DecoderConfig(
          32_000, 768, 2048, 12, 12, 12, 64, 1e-5, 10_000, 256, 1, 2, new Head.Language(true));

  private static final String LORA =
      "lora={rank=16,alpha=32,target-modules=[q_proj,k_proj,v_proj,o_proj,gate_proj,up_proj,"
          + "down_proj]}";

  /** Settings of each kind of run. */
  private static final Map<String, List<String>> KINDS =
      new TreeMap<>(
          Map.of(
              "adapters", List.of(LORA),
              "bfloat16", List.of(LORA, "model.compute-type=bfloat16"),
              "whole", List.of()));

  private static final int MICRO_BATCH = 4;
  private static final int PROMPT = 32;
  private static final int RESPONSE = 32;

  /** What the launcher sets. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "MALLOC_ARENA_MAX", "1",
          "MALLOC_MMAP_THRESHOLD_", "33554432",
          "MALLOC_TRIM_THRESHOLD_", "1073741824",
          "GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");

  private final Path folder;

  private AdapterMemory(Path folder) {
    this.folder = folder;
  }

  /** Peaks in MB: of the resident size, and of that part of it that no file backs. */
  private record Peak(double resident, double anonymous) {

    Peak max(Peak other) {
      return new Peak(Math.max(resident, other.resident), Math.max(anonymous, other.anonymous));
    }

    String over(Peak other) {
      return String.format(
          Locale.ROOT, ", %.2f and %.2f", resident / other.resident, anonymous / other.anonymous);
    }
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("child")) {
      read(Path.of(arguments[1]), arguments[2]);
      return;
    }
    List<String> kinds = List.of(arguments).subList(1, arguments.length);
    new AdapterMemory(Path.of(arguments[0]))
        .print(kinds.isEmpty() ? List.copyOf(KINDS.keySet()) : kinds);
  }

  private void print(List<String> kinds) throws Exception {
    prepare();
    for (String kind : kinds) {
      System.out.println(kind);
      Peak run = peak(run(kind));
      row("base model", peak(child(kind, "load")), Optional.empty());
      row("base model, scoring", peak(child(kind, "score")), Optional.empty());
      Peak activations = peak(child(kind, "differentiate"));
      row("base model and activations", activations, Optional.of(activations));
      row("RTO", run, Optional.of(activations));
    }
  }

  private static void row(String what, Peak peak, Optional<Peak> reference) {
    System.out.printf(
        Locale.ROOT,
        "  %-28s %7.0f MB resident, %7.0f MB anonymous%s%n",
        what,
        peak.resident(),
        peak.anonymous(),
        reference.map(peak::over).orElse(""));
  }

  /** Reads the base of a run of this kind, in the numbers that it computes with. */
  private List<String> child(String kind, String what) {
    Path base = folder.resolve(kind).resolve("base");
    return java(AdapterMemory.class.getName(), "child", base.toString(), what);
  }

  private List<String> run(String kind) throws IOException {
    Path out = folder.resolve(kind);
    WholeFolder.delete(out);
    List<String> command =
        new ArrayList<>(java(Main.class.getName(), "train", config().toString(), "--out"));
    command.add(out.toString());
    command.addAll(KINDS.get(kind));
    return command;
  }

  private static List<String> java(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx192m", "-Dai.djl.offline=true", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Asks the system again and again while the process is at work. */
  private Peak peak(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(ENVIRONMENT);
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile());
    Process process = builder.start();
    Peak peak = new Peak(0, 0);
    while (process.isAlive()) {
      peak = peak.max(now(process.pid()));
      Thread.sleep(10);
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(Files.readString(folder.resolve("output")));
    }
    return peak;
  }

  private static Peak now(long pid) {
    Map<String, Double> sizes = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
        String[] words = line.split("[:\\s]+");
        if (words[0].startsWith("Rss") || words[0].equals("VmHWM")) {
          sizes.put(words[0], Double.parseDouble(words[1]) / 1024);
        }
      }
    } catch (IOException ended) {
      return new Peak(0, 0);
    }
    return new Peak(sizes.getOrDefault("VmHWM", 0.0), sizes.getOrDefault("RssAnon", 0.0));
  }

  /** What a run cannot do without: a model, and one micro-batch of an adapter's gradient. */
  private static void read(Path model, String what) throws Exception {
    System.setProperty(Torch.THREADS, "1");
    LoraConfig lora = new LoraConfig(16, 32, LoraConfig.MODULES);
    try (NDManager scope = Torch.newScope();
        Decoder base = HfCheckpoint.loadFrozen(model);
        Decoder adapted = base.adapted(CONFIG, Adapter.fresh(CONFIG, lora, 1))) {
      switch (what) {
        case "load" -> {}
        case "score" -> adapted.logProbs(sequences(), 1, MICRO_BATCH);
        default ->
            new Differentiator(
                    CONFIG,
                    adapted.passes(),
                    Differentiator.Read.EVERY_TOKEN,
                    "def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:\n"
                        + "  return [torch.sum(output)]\n")
                .gradients(scope, adapted, sequences(), 1, new NDList());
      }
    }
  }

  private static List<Sequence> sequences() {
    int[] prompt = IntStream.range(3, 3 + PROMPT).toArray();
    int[] response = IntStream.range(100, 100 + RESPONSE).toArray();
    return IntStream.range(0, MICRO_BATCH).mapToObj(i -> new Sequence(prompt, response)).toList();
  }

  private Path model() {
    return folder.resolve("model");
  }

  private Path config() {
    return folder.resolve("run.conf");
  }

  private void prepare() throws IOException {
    if (!Files.exists(model())) {
      Files.createDirectories(model());
      WordTokenizerFiles.write(model(), IntStream.range(3, 32_000).mapToObj(i -> "w" + i).toList());
      try (Decoder decoder = new Decoder(CONFIG, Weights.random(CONFIG, 1))) {
        HfCheckpoint.save(decoder, model());
      }
    }
    Files.writeString(folder.resolve("prompts.jsonl"), lines(8, 0, "{\"prompt\": \"%s\"}%n"));
    Files.writeString(folder.resolve("held-out.jsonl"), lines(4, 500, "{\"prompt\": \"%s\"}%n"));
    Files.writeString(
        folder.resolve("pairs.jsonl"),
        lines(8, 0, "{\"prompt\": \"%s\", \"chosen\": \"%s\", \"rejected\": \"%s\"}%n"));
    Files.writeString(config(), settings());
  }

  /** Texts of 31 words, which a token begins: all texts of a line differ. */
  private static String lines(int n, int first, String format) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < n; i++) {
      lines.append(
          String.format(format, text(first + 40 * i), text(9_000 + 40 * i), text(20_000 + 40 * i)));
    }
    return lines.toString();
  }

  private static String text(int first) {
    return String.join(
        " ", IntStream.range(first, first + PROMPT - 1).mapToObj(i -> "w" + (3 + i)).toList());
  }

  private String settings() {
    Path here = folder.toAbsolutePath();
    String stage = "{ epochs = 2, batch-size = 4, micro-batch = " + MICRO_BATCH + " }";
    return String.join(
        "\n",
        "model { type = checkpoint, path = \"" + model().toAbsolutePath() + "\" }",
        "data { type = files, prompts-file = \"" + here.resolve("prompts.jsonl") + "\"",
        "  held-out-file = \"" + here.resolve("held-out.jsonl") + "\"",
        "  demonstrations-file = off",
        "  preferences-file = \"" + here.resolve("pairs.jsonl") + "\" }",
        "preferences { gold = sentiment, held-out = 0.25 }",
        "reward-model " + stage,
        "dpo " + stage,
        "rto { iterations = 2, prompts-per-iteration = 4, samples-per-prompt = 2, prompts-per-task = 2",
        "  generation-batch = 4, max-new-tokens = " + RESPONSE,
        "  minibatch = 4, micro-batch = " + MICRO_BATCH + ", checkpoint-every = 1 }",
        "evaluation-prompts = 2",
        "resources { compute-threads = 1, rollout-workers = 1 }",
        "");
  }
}
