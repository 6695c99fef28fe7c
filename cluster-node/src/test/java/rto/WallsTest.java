package rto;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The walls of the house. A rule over no classes fails, and each thing behind a wall must be used
 * by somebody, so that a room which is renamed or moved does not slip out unseen.
 */
@AnalyzeClasses(packages = "rto", importOptions = ImportOption.DoNotIncludeTests.class)
class WallsTest {

  private static final String AKKA = "akka..";
  private static final String DJL = "ai.djl..";
  private static final String PYTORCH = "ai.djl.pytorch..";
  private static final String PROTOBUF = "com.google.protobuf..";
  private static final String GENERATED = "rto.protocol.wire.proto..";
  private static final List<String> ACTOR_ROOMS =
      List.of("rto.run", "rto.rollout", "rto.scoring", "rto.learner");

  @ArchTest
  static final ArchRule onlyActorsAndThoseWhoWireThemUseAkka =
      only(
          AKKA,
          "rto.protocol..",
          "rto.run..",
          "rto.rollout..",
          "rto.scoring..",
          "rto.learner..",
          "rto.node..");

  @ArchTest
  static final ArchRule onlyTheTensorRoomNamesPytorchClasses = only(PYTORCH, "rto.tensor..");

  @ArchTest static final ArchRule onlyTheWireKnowsProtobuf = only(PROTOBUF, "rto.protocol.wire..");

  @ArchTest
  static final ArchRule onlyTheWireKnowsGeneratedMessages = only(GENERATED, "rto.protocol.wire..");

  @ArchTest
  static void roomsOfPlainRecordsKnowNoTensors(JavaClasses all) {
    Stream.of("rto.protocol", "rto.run", "rto.metrics", "rto.node.settings", "rto.node.dashboard")
        .forEach(room -> doesNotDepend(room, DJL).check(all));
  }

  @ArchTest
  static void actorRoomsDoNotSeeEachOther(JavaClasses all) {
    for (String room : ACTOR_ROOMS) {
      String[] others =
          ACTOR_ROOMS.stream()
              .filter(other -> !other.equals(room))
              .map(other -> other + "..")
              .toArray(String[]::new);
      doesNotDepend(room, others).check(all);
    }
  }

  /** The oracle is plain Java, so that it cannot share a mistake with what it judges. */
  @ArchTest
  static final ArchRule theOracleKnowsNothingOfTheTrainer =
      classes()
          .that()
          .resideInAPackage("rto.tabular..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "rto.tabular..", "rto.protocol");

  @ArchTest
  static final ArchRule onlyTheProgramAsksTheOracle =
      only("rto.tabular..", "rto.tabular..", "rto.node..");

  @ArchTest
  static final ArchRule onlyTheProgramAsksForTimings =
      only("rto.bench..", "rto.bench..", "rto.node..");

  /** Except for those that make preferences and judge the outcome: training cannot peek. */
  @ArchTest
  static final ArchRule trainerNeverSeesGold =
      noClasses()
          .that()
          .resideInAnyPackage(
              "rto.run..",
              "rto.rollout..",
              "rto.scoring..",
              "rto.learner..",
              "rto.algorithm..",
              "rto.lm..",
              "rto.train..")
          .and()
          .haveNameNotMatching("rto\\.train\\.(Stages|PreferenceMaker|Evaluator)(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("rto.data.gold..", "rto.data.catalog..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("rto.data.world.MicroWorldReward");

  @ArchTest
  static final ArchRule roomsFormNoCycle = slices().matching("rto.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule packagesFormNoCycle =
      slices().matching("rto.(**)").should().beFreeOfCycles();

  @ArchTest
  static void thingsBehindWallsAreUsed(JavaClasses all) {
    Set<String> used =
        all.stream()
            .flatMap(one -> one.getDirectDependenciesFromSelf().stream())
            .map(dependency -> dependency.getTargetClass().getPackageName())
            .collect(Collectors.toSet());
    for (String wall :
        List.of(
            AKKA,
            DJL,
            PYTORCH,
            PROTOBUF,
            GENERATED,
            "rto.data.gold..",
            "rto.tabular..",
            "rto.bench..")) {
      String prefix = wall.substring(0, wall.length() - 2);
      assertThat(used).as(wall).anyMatch(name -> name.startsWith(prefix));
    }
  }

  @ArchTest
  static void allClassesAreSeen(JavaClasses all) {
    assertThat(all.stream().map(JavaClass::getFullName))
        .contains("rto.protocol.Require", "rto.train.LocalRtoLoop", "rto.node.cli.RtoCommand");
  }

  private static ArchRule only(String what, String... rooms) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(rooms)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(what)
        .as("only " + Arrays.toString(rooms) + " may use " + what);
  }

  private static ArchRule doesNotDepend(String room, String... what) {
    return noClasses()
        .that()
        .resideInAPackage(room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(what);
  }
}
