package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rto.checkpoint.ScratchFile;
import rto.lm.io.Safetensors.Content;
import rto.lm.io.Safetensors.Tensor;
import rto.lm.io.Safetensors.Type;
import rto.tensor.Torch;

class SafetensorsTest {

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadAtOnceAndTensorByTensor() throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("z", tensor(new long[] {2, 1}, 1.5f, -2));
    tensors.put("scalar", tensor(new long[] {}, 3));
    tensors.put("empty", tensor(new long[] {0, 4}));
    tensors.put("a \"ü\"", tensor(new long[] {1}, Float.MIN_VALUE));
    Content content = new Content(tensors, Map.of("format", "pt"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(content, Channels.newChannel(out));

    Path file = Files.write(folder.resolve("m.safetensors"), out.toByteArray());
    assertSame(content, Safetensors.read(file));
    try (ScratchFile scratch = ScratchFile.of(out.toByteArray())) {
      assertSame(content, Safetensors.read(scratch.channel(), file));
    }
    // Values begin at a multiple of eight bytes.
    assertThat(ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8)
        .isZero();
  }

  /** A buffer of a tensor on a GPU is a copy of it: what is read into that is lost. */
  @Test
  void onlyATensorOnTheCpuIsFilledInPlace() {
    Tensor stored = tensor(new long[] {2}, 1, 2);
    assertThat(TensorReader.isFilledInPlace(stored, Device.cpu())).isTrue();
    assertThat(TensorReader.isFilledInPlace(stored, Device.gpu(0))).isFalse();
  }

  /** The file has holes: it takes no room on the disk. */
  @Test
  void aTensorMayBeLongerThanABufferCanBe() throws IOException {
    long last = 3L << 30;
    Path file = folder.resolve("large");
    byte[] head = file("{'a':{'dtype':'F32','shape':[805306369],'data_offsets':[0,3221225476]}}");
    try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
      raw.write(head);
      raw.seek(head.length + last);
      raw.write(new byte[] {0, 0, (byte) 0x80, 0x3F});
    }
    Tensor tensor = Safetensors.read(file).tensors().get("a");
    assertThat(tensor.bytes()).isEqualTo(last + 4);
    ByteBuffer end = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    tensor.values().read(last - 4, end);
    assertThat(end.flip().getFloat()).isZero();
    assertThat(end.getFloat()).isEqualTo(1);
  }

  /** Three million numbers pass in parts; number i is i mod 97, exact in bfloat16 and float16. */
  @Test
  void partsOfATensorComeToTheirPlaces() throws IOException {
    int n = 3_000_000;
    for (Type type : new Type[] {Type.BF16, Type.F16, Type.F32, Type.F64}) {
      Path file = folder.resolve(type.name());
      try (FileChannel out =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        Tensor tensor = new Tensor(type, new long[] {3, n / 3}, () -> spelled(type, n));
        Safetensors.write(new Content(Map.of("a", tensor), Map.of()), out);
      }
      try (NDManager scope = Torch.newScope()) {
        float[] read =
            TensorReader.read(Safetensors.read(file).tensors().get("a"), Type.F32, scope)
                .toFloatArray();
        assertThat(read).hasSize(n);
        for (int i = 0; i < n; i++) {
          if (read[i] != i % 97) {
            fail("%s: number %s is %s (expected: %s)", type, i, read[i], i % 97);
          }
        }
      }
    }
  }

  /** One byte of header more, so that values lie at odd places, and a few pieces. */
  @Test
  void tensorsBeginAndEndAnywhereInTheFile() throws IOException {
    int n = MappedPiece.LENGTH / 4 + 11;
    String first = "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,12]},";
    String empty = "'b':{'dtype':'BF16','shape':[0,7],'data_offsets':[12,12]},";
    for (Type type : new Type[] {Type.F32, Type.BF16}) {
      int end = 12 + n * type.bytes;
      String last =
          String.format("'c':{'dtype':'%s','shape':[%s],'data_offsets':[12,%s]}}", type, n, end);
      String header = first + empty + last;
      byte[] head = file(header + " ".repeat(8 - header.length() % 8 + 1));
      assertThat(head.length % 8).isEqualTo(1);
      Path path = folder.resolve("odd-" + type);
      try (FileChannel out =
          FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        out.write(ByteBuffer.wrap(head));
        out.write(spelled(Type.F32, 3));
        out.write(spelled(type, n));
      }
      Map<String, Tensor> tensors = Safetensors.read(path).tensors();
      try (NDManager scope = Torch.newScope()) {
        assertThat(TensorReader.read(tensors.get("a"), Type.F32, scope).toFloatArray())
            .containsExactly(0, 1, 2);
        for (Type as : new Type[] {Type.F32, Type.BF16}) {
          assertThat(TensorReader.read(tensors.get("b"), as, scope).getShape().getShape())
              .containsExactly(0, 7);
        }
        float[] read = TensorReader.read(tensors.get("c"), Type.F32, scope).toFloatArray();
        for (int i = 0; i < n; i++) {
          if (read[i] != i % 97) {
            fail("%s: number %s is %s (expected: %s)", type, i, read[i], i % 97);
          }
        }
        assertBfloat16(TensorReader.read(tensors.get("c"), Type.BF16, scope), n);
      }
    }
  }

  /** Numbers below 256 are exact in bfloat16, the upper half of a float's bits. */
  private static void assertBfloat16(NDArray read, int n) {
    ByteBuffer bytes = read.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.capacity()).isEqualTo(2 * n);
    for (int i = 0; i < n; i++) {
      if (bytes.getShort(2 * i) != (short) (Float.floatToIntBits(i % 97) >>> 16)) {
        fail("number %s is %04x (expected: %s)", i, bytes.getShort(2 * i), i % 97);
      }
    }
  }

  @Test
  void aFileThatWasCutOffSinceItsHeaderWasReadIsRefusedByName() throws IOException {
    Path path =
        Files.write(
            folder.resolve("cut"),
            file("{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}", 0, 0, 0, 0));
    Tensor tensor = Safetensors.read(path).tensors().get("a");
    Files.write(path, new byte[9]);
    try (NDManager scope = Torch.newScope()) {
      for (Type type : new Type[] {Type.F32, Type.BF16}) {
        assertThatThrownBy(() -> TensorReader.read(tensor, type, scope))
            .isInstanceOf(UncheckedIOException.class)
            .hasMessageContaining("cut: file ended at 9 (expected: at ");
      }
    }
  }

  private static ByteBuffer spelled(Type type, int n) {
    ByteBuffer bytes = ByteBuffer.allocate(n * type.bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < n; i++) {
      int value = i % 97;
      switch (type) {
        case F64 -> bytes.putDouble(value);
        case F32 -> bytes.putFloat(value);
        case BF16 -> bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
        case F16 -> bytes.putShort(half(value));
      }
    }
    return bytes.flip();
  }

  /** Of a small whole number: sign 0, exponent + 15, ten bits of fraction. */
  private static short half(int value) {
    if (value == 0) {
      return 0;
    }
    int exponent = 31 - Integer.numberOfLeadingZeros(value);
    return (short) ((exponent + 15) << 10 | (value << 10 - exponent) - (1 << 10));
  }

  @Test
  void bytesAreLaidOutAsTheFormatSays() throws IOException {
    // 8 bytes of header length, header, then 1.0f = 00 00 80 3F, little-endian.
    byte[] bytes = file("{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}", 0, 0, 0x80, 0x3F);
    Path file = Files.write(folder.resolve("x"), bytes);
    assertThat(Safetensors.read(file).tensors().get("a").all().getFloat()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}       | a: data_offsets [0,4] (expected: 8 bytes
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,16]}}      | a: data_offsets [0,16] (expected: 8 bytes
          {'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}}      | within 8
          {'a':{'dtype':'F32','shape':[1],'data_offsets':[8,4]}}       | a: data_offsets [8,4]
          {'a':{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}}      | a: data_offsets [-4,0] (expected: an array of whole
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}         | a: data_offsets [0]
          {'a':{'dtype':'F32','shape':[2]}}                            | a: data_offsets
          {'a':{'dtype':'F32','data_offsets':[0,8]}}                   | a: shape
          {'a':{'dtype':'F32','shape':[2.5],'data_offsets':[0,8]}}     | a: shape [2.5] (expected: an array of whole numbers)
          {'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}      | a: shape [-2]
          {'a':{'dtype':'F32','shape':[4611686018427387906],'data_offsets':[0,8]}} | 18446744073709551624 bytes
          {'a':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}}       | a: dtype I64 (expected: one of [F64, F32, F16, BF16])
          {'a':{'shape':[1],'data_offsets':[0,8]}}                     | a: dtype
          {'a':7}                                                      | a: dtype
          {'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}       | values: 8 bytes (expected: 4)
          {'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}       | a: begins at 4 (expected: 0
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | b: begins at 4 (expected: 8
          {'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | Duplicate field 'a'
          {}                                                           | values: 8 bytes (expected: 0)
          [1]                                                          | header: (expected: a JSON object)
          {'a':                                                        | header:
          {} x                                                         | header:
          """)
  void malformedHeadersAreRefusedWithFileAndPlace(String header, String reason) {
    refused(file(header, 0, 0, 0, 0, 0, 0, 0, 0), reason);
  }

  @Test
  void shortAndAbsurdFilesAreRefused() throws IOException {
    refused(new byte[0], "0 bytes (expected: at least 8)");
    refused(new byte[7], "7 bytes (expected: at least 8)");
    refused(new byte[8], "header: 0 bytes");
    refused(length(9, 8), "header: 9 bytes (expected: in 1..8)");
    refused(length(-1, 8), "header: -1 bytes");
    refused(length(Long.MAX_VALUE, 8), "header: 9223372036854775807 bytes");
    refused(length(0x1_0000_0002L, 8), "header: 4294967298 bytes");
  }

  private void refused(byte[] bytes, String reason) {
    Path file = folder.resolve("damaged.safetensors");
    assertThatThrownBy(() -> Safetensors.read(Files.write(file, bytes)))
        .isInstanceOf(MalformedFile.class)
        .hasMessageContaining("damaged.safetensors")
        .hasMessageContaining(reason);
  }

  private static byte[] length(long header, int more) {
    return ByteBuffer.allocate(8 + more).order(ByteOrder.LITTLE_ENDIAN).putLong(header).array();
  }

  private static byte[] file(String header, int... data) {
    byte[] text = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data.length);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text);
    for (int b : data) {
      bytes.put((byte) b);
    }
    return bytes.array();
  }

  private static Tensor tensor(long[] shape, float... values) {
    return new Tensor(Type.F32, shape, () -> floats(values));
  }

  private static ByteBuffer floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  private static void assertSame(Content expected, Content actual) {
    assertThat(actual.metadata()).isEqualTo(expected.metadata());
    assertThat(actual.tensors().keySet()).containsExactlyElementsOf(expected.tensors().keySet());
    expected
        .tensors()
        .forEach(
            (name, tensor) -> {
              Tensor other = actual.tensors().get(name);
              assertThat(other.type()).isEqualTo(tensor.type());
              assertThat(other.shape()).containsExactly(tensor.shape());
              assertThat(other.all()).isEqualTo(tensor.all());
            });
  }
}
