package rto.data;

/** A response to imitate; an empty prompt means plain text to continue from nothing. */
public record Demonstration(String prompt, String response) {}
