/**
 * Jinja templates as Python renders those of transformers: jinjava, with what it does otherwise put
 * right. Knows no models and no files.
 */
package rto.lm.jinja;
