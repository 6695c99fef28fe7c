package rto.lm.jinja;

import java.beans.FeatureDescriptor;
import java.util.Iterator;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELResolver;

/** A resolver of methods: it leaves properties to the next one. */
abstract class NoProperties extends ELResolver {

  @Override
  public final Class<?> getCommonPropertyType(ELContext context, Object base) {
    return null;
  }

  @Override
  public final Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
    return null;
  }

  @Override
  public final Class<?> getType(ELContext context, Object base, Object property) {
    return null;
  }

  @Override
  public final Object getValue(ELContext context, Object base, Object property) {
    return null;
  }

  @Override
  public final boolean isReadOnly(ELContext context, Object base, Object property) {
    return true;
  }

  @Override
  public final void setValue(ELContext context, Object base, Object property, Object value) {
    // the context stays unresolved: the next one is asked
  }
}
