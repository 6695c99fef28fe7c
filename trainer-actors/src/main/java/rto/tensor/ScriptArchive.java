package rto.tensor;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a TorchScript archive: a zip of stored entries with the code of one class {@code Ops} and
 * a pickle of its attributes. The format is the one that {@code torch.jit.save} writes.
 */
final class ScriptArchive {

  private static final String ROOT = "ops/";
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private ScriptArchive() {}

  /** Returns the archive's bytes; attribute values are Long, Double, Boolean or a List of Long. */
  static byte[] write(String methods, Map<String, Object> attributes) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
        zip.setMethod(ZipOutputStream.STORED);
        entry(zip, "data.pkl", pickle(attributes));
        entry(zip, "code/__torch__.py", utf8(code(methods, attributes)));
        entry(zip, "constants.pkl", NO_CONSTANTS);
        entry(zip, "version", utf8("3\n"));
        entry(zip, "byteorder", utf8("little"));
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  private static String code(String methods, Map<String, Object> attributes) {
    StringBuilder code = new StringBuilder();
    code.append("class Ops(Module):\n");
    code.append("  __parameters__ = []\n");
    code.append("  __buffers__ = []\n");
    code.append("  training : bool\n");
    attributes.forEach((n, v) -> code.append("  ").append(n).append(" : ").append(type(v) + "\n"));
    return code + methods.replaceAll("def (\\w+)\\(self\\b", "def $1(self: __torch__.Ops") + "\n";
  }

  private static String type(Object value) {
    if (value instanceof Long) {
      return "int";
    }
    if (value instanceof Double) {
      return "float";
    }
    if (value instanceof Boolean) {
      return "bool";
    }
    if (value instanceof List<?>) {
      return "List[int]";
    }
    throw new IllegalArgumentException(
        "attribute: " + value + " (expected: a Long, Double, Boolean or List of Long)");
  }

  /** Pickle protocol 2: an object of class Ops with a dict as its state. */
  private static byte[] pickle(Map<String, Object> attributes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(new byte[] {(byte) 0x80, 2});
    out.writeBytes("c__torch__\nOps\n)");
    out.write(0x81); // NEWOBJ
    out.writeBytes("}(");
    string(out, "training");
    out.write(0x88); // NEWTRUE
    for (Map.Entry<String, Object> attribute : attributes.entrySet()) {
      string(out, attribute.getKey());
      value(out, attribute.getValue());
    }
    out.writeBytes("ub.");
    return bytes.toByteArray();
  }

  private static void string(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = utf8(text);
    out.write('X');
    out.writeInt(Integer.reverseBytes(utf8.length));
    out.write(utf8);
  }

  private static void value(DataOutputStream out, Object value) throws IOException {
    if (value instanceof Boolean flag) {
      out.write(flag ? 0x88 : 0x89);
    } else if (value instanceof Double number) {
      out.write('G');
      out.writeDouble(number);
    } else if (value instanceof List<?> numbers) {
      out.writeBytes("ctorch.jit._pickle\nbuild_intlist\n](");
      for (Object number : numbers) {
        value(out, number);
      }
      out.writeBytes("e");
      out.write(0x85); // TUPLE1
      out.writeBytes("R");
    } else {
      out.write('J');
      out.writeInt(Integer.reverseBytes(Math.toIntExact((Long) value)));
    }
  }

  private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(ROOT + name);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
