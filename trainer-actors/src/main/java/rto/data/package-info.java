/**
 * Datasets in, in a fixed order, resumable: JSON Lines files, the seeded walk over them, and the
 * counter-based generator that keys every random choice of the system. No tensors, no actors; texts
 * become tokens elsewhere. The rooms below: {@code gold} judges responses, {@code world} invents a
 * small language, {@code catalog} finds a gold reward by its name.
 */
package rto.data;
