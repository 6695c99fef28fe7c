package rto.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import rto.node.Main;

/**
 * The program as a victim: it takes {@code arm POINT TIMES} from standard input, and ends with it.
 */
final class VictimMain {

  private VictimMain() {}

  public static void main(String[] args) {
    Thread guard = new Thread(VictimMain::obey, "guard");
    guard.setDaemon(true);
    guard.start();
    Main.main(args);
  }

  private static void obey() {
    var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try {
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        String[] words = line.split(" ");
        Traps.arm(TrapPoint.valueOf(words[1]), Integer.parseInt(words[2]));
      }
    } catch (IOException broken) {
      // as good as its end
    }
    Runtime.getRuntime().halt(Signals.KILL);
  }
}
