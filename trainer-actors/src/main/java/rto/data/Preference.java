package rto.data;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Two responses to one prompt, of which the first is preferred.
 *
 * @param chosenTruncated the length limit ended the chosen response: no end token follows it
 * @param rejectedTruncated the same of the rejected one
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record Preference(
    String prompt,
    String chosen,
    String rejected,
    @JsonProperty("chosen_truncated") boolean chosenTruncated,
    @JsonProperty("rejected_truncated") boolean rejectedTruncated) {

  /** Both responses end by themselves. */
  public Preference(String prompt, String chosen, String rejected) {
    this(prompt, chosen, rejected, false, false);
  }
}
