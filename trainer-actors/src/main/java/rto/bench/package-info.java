/**
 * How fast the engine is, beside what this machine could do at best: calibrates the machine, then
 * times sampling, scoring, learning and whole iterations through the stages that a run uses. Nobody
 * but the program asks; nothing here is part of a run.
 */
package rto.bench;
