package rto.data.world;

import java.util.List;

/** All words that a micro-world may choose from; no word stands in two lists. */
final class WordPools {

  static final List<String> MOODS = words("happy sad scary calm");

  static final List<String> CHARACTERS =
      words(
          "fox bear wolf rabbit owl mouse cat dog frog duck goat horse hen lion tiger monkey turtle"
              + " squirrel badger hedgehog otter crow sparrow deer king queen wizard sailor farmer"
              + " baker");

  static final List<String> THINGS =
      words(
          "lantern ladder river bridge tree basket hill tower wagon boat fountain stone fence barn"
              + " bell drum kite table chair window door garden cave castle mill pond haystack wall"
              + " rope tent gate path candle mirror chest statue");

  /** One list per mood. */
  static final List<List<String>> ADJECTIVES =
      List.of(
          words(
              "merry cheerful joyful glad jolly sunny bright playful lucky smiling golden sweet"
                  + " lively proud friendly warm funny sparkling jovial delighted"),
          words(
              "gloomy tearful lonely weary grey sorrowful unhappy mournful broken lost forlorn heavy"
                  + " tired hopeless homesick pale wistful dreary bitter faded"),
          words(
              "dark creepy ghostly haunted spooky wicked fearsome grim shadowy cursed eerie ghastly"
                  + " monstrous dreadful sinister savage howling terrible cruel bony"),
          words(
              "quiet gentle peaceful mild soft serene slow tranquil silent steady mellow placid easy"
                  + " sleepy cosy restful tender composed patient drowsy"));

  /** One list per mood. */
  static final List<List<String>> ADVERBS =
      List.of(
          words(
              "gladly cheerfully merrily happily joyfully brightly playfully proudly sweetly warmly"
                  + " gleefully eagerly cheerily sunnily"),
          words(
              "sadly tearfully wearily gloomily mournfully glumly sorrowfully unhappily bitterly"
                  + " hopelessly wistfully heavily drearily brokenly"),
          words(
              "darkly creepily eerily wickedly grimly horribly fearfully cruelly savagely terribly"
                  + " menacingly spookily dreadfully hungrily"),
          words(
              "calmly quietly gently softly peacefully slowly mildly patiently serenely silently"
                  + " steadily tenderly easily sleepily"));

  /** Moving, sounding, resting, working. */
  static final List<List<String>> VERBS =
      List.of(
          words(
              "runs walks jumps hops skips races marches wanders climbs crawls dances rolls swims"
                  + " flies"),
          words(
              "sings shouts whispers laughs hums calls sneezes yawns whistles mutters giggles sighs"
                  + " chatters roars"),
          words(
              "sleeps rests waits sits stands naps dreams hides stays kneels leans lingers dozes"
                  + " snoozes"),
          words(
              "works digs paints cooks sweeps builds bakes draws sews writes reads plays knits"
                  + " carves"));

  static final List<String> PREPOSITIONS =
      words(
          "near by behind beside under over above below past through around beyond inside outside"
              + " against toward across along");

  private WordPools() {}

  static List<String> words(String text) {
    return List.of(text.split(" "));
  }
}
