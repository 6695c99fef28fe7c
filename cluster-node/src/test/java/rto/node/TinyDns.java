package rto.node;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A name server on loopback, over UDP, for SRV and A records (RFC 1035, RFC 2782). What it does not
 * have does not exist.
 */
final class TinyDns implements AutoCloseable {

  /** A node's place behind a service. */
  record Place(String host, int port) {}

  private static final int A = 1;
  private static final int SRV = 33;
  private static final int INTERNET = 1;
  private static final int HEADER = 12;
  private static final int QUESTION_NAME = 0xC000 | HEADER;
  private static final int ANSWER = 0x8580;
  private static final int NO_SUCH_NAME = 0x8583;

  private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();

  TinyDns() throws SocketException {
    Thread thread = new Thread(this::serve, "dns");
    thread.setDaemon(true);
    thread.start();
  }

  /** As Akka's settings name it. */
  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  void places(String name, List<Place> places) throws IOException {
    List<byte[]> data = new ArrayList<>();
    for (Place place : places) {
      var bytes = new ByteArrayOutputStream();
      var out = new DataOutputStream(bytes);
      // Priority and weight are those of equals.
      out.writeShort(0);
      out.writeShort(0);
      out.writeShort(place.port());
      writeName(out, place.host());
      data.add(bytes.toByteArray());
    }
    records.put(SRV + " " + name, data);
  }

  void addresses(String name, List<String> addresses) throws IOException {
    List<byte[]> data = new ArrayList<>();
    for (String address : addresses) {
      data.add(InetAddress.getByName(address).getAddress());
    }
    records.put(A + " " + name, data);
  }

  private void serve() {
    byte[] buffer = new byte[1500];
    try {
      while (true) {
        var question = new DatagramPacket(buffer, buffer.length);
        socket.receive(question);
        byte[] answer = answer(Arrays.copyOf(buffer, question.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private byte[] answer(byte[] question) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(question, HEADER, question.length - HEADER);
    String name = readName(in);
    int type = in.getShort();
    in.getShort();
    List<byte[]> data = records.getOrDefault(type + " " + name, List.of());
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.write(question, 0, 2);
    out.writeShort(data.isEmpty() ? NO_SUCH_NAME : ANSWER);
    out.writeShort(1);
    out.writeShort(data.size());
    out.writeInt(0);
    out.write(question, HEADER, in.position() - HEADER);
    for (byte[] one : data) {
      out.writeShort(QUESTION_NAME);
      out.writeShort(type);
      out.writeShort(INTERNET);
      out.writeInt(1);
      out.writeShort(one.length);
      out.write(one);
    }
    return bytes.toByteArray();
  }

  private static String readName(ByteBuffer in) {
    List<String> labels = new ArrayList<>();
    for (int length = in.get(); length > 0; length = in.get()) {
      byte[] label = new byte[length];
      in.get(label);
      labels.add(new String(label, StandardCharsets.US_ASCII));
    }
    return String.join(".", labels);
  }

  private static void writeName(DataOutputStream out, String name) throws IOException {
    for (String label : name.split("\\.")) {
      out.writeByte(label.length());
      out.writeBytes(label);
    }
    out.writeByte(0);
  }

  @Override
  public void close() {
    socket.close();
  }
}
