/**
 * Records to protobuf to bytes and back, nothing else. The only place that sees generated protobuf
 * classes; bound to {@link rto.protocol.WireMessage} in this module's {@code reference.conf}.
 *
 * <pre>
 *   record ──Codec──▶ protobuf message ──▶ bytes, with the message's full name as manifest
 * </pre>
 *
 * In here a plain name such as {@code TaskId} is the protobuf message and {@code
 * rto.protocol.TaskId} the record.
 *
 * <p>To change the format: a field may be added under a new number, absent in old bytes; numbers
 * and types never change. Whatever cannot be said that way becomes a message in a package {@code
 * rto.v2} with a codec of its own, and the old codec stays for as long as journals hold its bytes.
 */
package rto.protocol.wire;
