/**
 * The records that rooms hand on and the messages that cross rooms: data only, no behaviour, no
 * maths, no tensors. Rooms do not know each other; they meet here.
 */
package rto.protocol;
