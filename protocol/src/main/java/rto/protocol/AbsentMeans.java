package rto.protocol;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A setting that came after runs were written down without it: an absent key means this value, and
 * this value is written as an absent key. So those runs keep their settings' text, and with it
 * their identity.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface AbsentMeans {
  /** As a config file has it; a duration in seconds where they are whole. */
  String value();
}
