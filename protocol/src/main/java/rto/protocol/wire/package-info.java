/**
 * Records to protobuf to bytes and back, nothing else. The only place that sees generated protobuf
 * classes; bound to {@link rto.protocol.WireMessage}.
 */
package rto.protocol.wire;
