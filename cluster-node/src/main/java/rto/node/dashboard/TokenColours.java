package rto.node.dashboard;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A response on the console, each token on a background that tells its reward: blue earned, orange
 * cost, the deeper the more. Where colours cannot be shown, the number stands behind each token.
 */
public final class TokenColours {

  /** Set to true or false by the launcher, which knows what Java 17 cannot ask. */
  public static final String IS_TERMINAL = "rto.stdout.terminal";

  // Of the 256 colours that every terminal has, from pale to deep; the text on them is black.
  private static final int[] BLUE = {255, 195, 159, 123, 81, 39};
  private static final int[] ORANGE = {255, 230, 223, 216, 209, 202};
  private static final String COLOUR = "\u001b[38;5;16;48;5;%dm%s\u001b[0m";

  private TokenColours() {}

  /** Whether the standard output takes colours: a terminal, and nobody has set NO_COLOR. */
  public static boolean areWanted() {
    String told = System.getProperty(IS_TERMINAL);
    boolean terminal = told == null ? System.console() != null : Boolean.parseBoolean(told);
    String no = System.getenv("NO_COLOR");
    return terminal && (no == null || no.isEmpty());
  }

  public static String of(Report.TokenRewards rewards, boolean coloured) {
    return coloured ? coloured(rewards) : numbered(rewards.tokens());
  }

  private static String coloured(Report.TokenRewards rewards) {
    double scale = rewards.scale();
    String text =
        rewards.tokens().stream()
            .map(token -> background(token.total(), scale, visible(token.text())))
            .collect(Collectors.joining());
    String legend =
        background(-scale, scale, " -" + Figures.decimal(scale, 3) + " ")
            + background(0, scale, " 0 ")
            + background(scale, scale, " +" + Figures.decimal(scale, 3) + " ");
    return text + System.lineSeparator() + legend + " reward of a token" + System.lineSeparator();
  }

  private static String numbered(List<Report.Token> tokens) {
    return tokens.stream()
            .map(token -> visible(token.text()) + "(" + Figures.signed(token.total()) + ")")
            .collect(Collectors.joining())
            .strip()
        + System.lineSeparator();
  }

  private static String background(double reward, double scale, String text) {
    int[] palette = reward < 0 ? ORANGE : BLUE;
    double depth = Math.min(1, Math.abs(reward) / scale);
    return COLOUR.formatted(palette[(int) Math.round(depth * (palette.length - 1))], text);
  }

  /** No token may move the cursor or change the terminal. */
  private static String visible(String text) {
    return text.replace("\n", "↵").replaceAll("\\p{Cntrl}", "·");
  }
}
