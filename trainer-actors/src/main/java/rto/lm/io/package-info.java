/**
 * Hugging Face files: config.json, safetensors, tokenizer.json. A damaged or foreign file is
 * refused with its name and place; nothing is half-loaded.
 */
package rto.lm.io;
