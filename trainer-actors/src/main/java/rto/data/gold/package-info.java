/**
 * Gold rewards: programmed judges of a response, and the noisy labels made from them. They stand in
 * for people: only labelling and evaluation may ask them, never the trainer.
 */
package rto.data.gold;
