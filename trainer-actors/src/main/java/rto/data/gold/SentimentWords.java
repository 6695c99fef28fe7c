package rto.data.gold;

import java.util.Set;

/** The word lists of {@link SentimentReward}, in the vocabulary of children's stories. */
final class SentimentWords {

  static final Set<String> POSITIVE =
      words(
          """
          happy happily happiness glad gladly joy joyful merry cheerful cheered cheer smile smiled smiles
          smiling laugh laughed laughs laughing laughter giggle giggled giggling grin grinned fun funny
          enjoy enjoyed enjoying love loved loves loving lovely dear friend friends friendly friendship
          kind kindly kindness nice gentle gently sweet sweetly warm hug hugged hugs hugging kiss kissed
          cuddle cuddled care cared caring help helped helping helpful share shared sharing play played
          playing playful dance danced dancing sing sang singing song good great best better wonderful
          amazing beautiful pretty bright shiny sparkly sparkling colorful magic magical special favorite
          delicious tasty yummy treat gift present surprise celebrate celebrated party excited exciting
          excitedly eager proud proudly brave bravely clever smart wise lucky safe safely peaceful calm
          comfortable cozy thank thanked thankful thanks grateful forgive forgave peace hope hoped hopeful
          wish delighted pleased perfect win won yay hooray wow adventure rainbow sunshine sunny together
          welcome praised
          """);

  static final Set<String> NEGATIVE =
      words(
          """
          sad sadly sadness unhappy cry cried cries crying tear tears sob sobbed weep wept upset angry
          angrily anger mad mean meanly hate hated scared scary scare afraid fear frightened frightening
          worry worried worries nervous lonely alone hurt hurts pain painful ouch sick ill tired bad badly
          worse worst wrong sorry ashamed guilty lost lose broken broke break ruin ruined dirty ugly nasty
          rude greedy selfish jealous naughty fight fought fighting hit kicked pushed yell yelled scream
          screamed shout shouted dark danger dangerous monster die died dead trouble mess messy stuck fell
          fall bored boring disappointed cold hungry steal stole lied gloomy grumpy terrible horrible awful
          poor
          """);

  private SentimentWords() {}

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }
}
