/**
 * The one gate to libtorch: compute threads, TorchScript functions, scopes, determinism, devices.
 * Nobody else names DJL's PyTorch classes.
 */
package rto.tensor;
