/**
 * The one class of Akka that this program replaces, found before Akka's own because the program's
 * jar comes first on the class path. Nothing else comes in here.
 */
package akka.remote.artery.tcp;
