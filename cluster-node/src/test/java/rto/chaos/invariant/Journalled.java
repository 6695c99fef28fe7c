package rto.chaos.invariant;

/**
 * One event that a journal took.
 *
 * @param millis when it was committed, by the journal's clock
 * @param id whose event it is
 * @param number of the event among those of the same id
 * @param writer names the actor that wrote it, another one after each restart
 */
public record Journalled(long millis, String id, long number, String writer, Object event) {}
