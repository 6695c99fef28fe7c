package rto.data.world;

/** What part a word plays in a sentence. */
enum Kind {
  THE,
  COMMA,
  STOP,
  /** Names the mood that a prompt asks for; group: that mood. */
  MOOD,
  /** Who acts; group: the kind of verb that it agrees with. */
  CHARACTER,
  /** Where it happens; group: the kind of preposition that it agrees with. */
  THING,
  /** Group: the mood that it fits. */
  ADJECTIVE,
  /** Group: the mood that it fits. */
  ADVERB,
  /** Group: moving, sounding, resting, working. */
  VERB,
  /** Group: one of two. */
  PREPOSITION,
  /** Stands in prompts only. */
  PROMPT,
  UNKNOWN
}
