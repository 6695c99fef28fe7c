/**
 * One class that has to stand in DJL's own package to reach what DJL keeps to itself: a TorchScript
 * method called with autograd. For the tensor room alone; nothing else comes in here.
 */
package ai.djl.pytorch.jni;
