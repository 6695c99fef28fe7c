package rto.node.dashboard;

import java.util.Locale;

/** Figures as people read them; NaN is a dash. */
final class Figures {

  private Figures() {}

  static String decimal(double value, int places) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + places + "f", value) : "–";
  }

  /** With its sign: +0.12, -0.03. */
  static String signed(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%+.3f", value) : "–";
  }

  /** 0.25 is 25 %. */
  static String percent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.0f %%", 100 * share) : "–";
  }

  /** 0.123 ± 0.045. */
  static String withInterval(double value, double halfWidth) {
    return Double.isFinite(halfWidth)
        ? decimal(value, 3) + " ± " + decimal(halfWidth, 3)
        : decimal(value, 3);
  }

  /** 5 min 12 s. */
  static String time(double seconds) {
    long whole = Math.round(seconds);
    return whole < 60 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
  }
}
