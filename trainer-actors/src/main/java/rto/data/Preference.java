package rto.data;

/** Two responses to one prompt, of which the first is preferred. */
public record Preference(String prompt, String chosen, String rejected) {}
