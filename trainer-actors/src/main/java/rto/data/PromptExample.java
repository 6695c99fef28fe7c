package rto.data;

/** One prompt to answer. */
public record PromptExample(String prompt) {}
