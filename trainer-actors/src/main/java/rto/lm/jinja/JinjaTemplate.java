package rto.lm.jinja;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaInterpreterResolver;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jinjava.javax.el.CompositeELResolver;

/**
 * One template, rendered as transformers renders chat templates: blocks take the line that they
 * stand on with them, {@code generation} marks nothing, {@code raise_exception} refuses.
 *
 * <p>{@code strftime_now} always tells 26 July 2024, the date that Llama's templates fall back to:
 * with today's a run would come to another result tomorrow.
 *
 * <p>jinjava does not know {@code for .. if} and {@code break}; a template with them is refused.
 * May be rendered by several threads at once.
 */
public final class JinjaTemplate {

  private static final String NOW = "strftime_now";
  private static final Jinjava JINJA = jinja();

  private final String source;

  private JinjaTemplate(String source) {
    this.source = source;
  }

  /**
   * Reads a template.
   *
   * @throws JinjaError if a tag is not closed, or one is not known here
   */
  public static JinjaTemplate of(String text) {
    return new JinjaTemplate(new JinjaSource(text).translated());
  }

  /**
   * The text with these values: strings, numbers, booleans, lists, maps.
   *
   * @throws JinjaError with the line and the reason
   */
  public String render(Map<String, ?> values) {
    Map<String, Object> bindings = new HashMap<>(values);
    bindings.put(NOW, NOW); // so that it is defined
    RenderResult result = JINJA.renderForResult(source, bindings);
    List<TemplateError> errors = result.getErrors();
    if (!errors.isEmpty()) {
      throw error(errors.get(0));
    }
    return result.getOutput();
  }

  private static JinjaError error(TemplateError error) {
    for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
      if (cause instanceof PythonFunctions.Raised raised) {
        return new JinjaError(error.getLineno(), raised.getMessage());
      }
    }
    return new JinjaError(error.getLineno(), error.getMessage());
  }

  private static Jinjava jinja() {
    CompositeELResolver methods = new CompositeELResolver();
    methods.add(new PythonMethods());
    methods.add(JinjavaInterpreterResolver.DEFAULT_RESOLVER_READ_ONLY);
    Jinjava jinja =
        new Jinjava(
            JinjavaConfig.newBuilder()
                .withLegacyOverrides(
                    LegacyOverrides.newBuilder()
                        .withEvaluateMapKeys(true)
                        .withIterateOverMapKeys(true)
                        .build())
                .withNestedInterpretationEnabled(false)
                .withKeepTrailingNewline(true)
                .withElResolver(methods)
                .build());
    jinja.registerFilter(new PythonFilters.Trim());
    jinja.registerFilter(new PythonFilters.ToJson());
    jinja.registerFunction(function("raise_exception", "raise"));
    jinja.registerFunction(function(NOW, "date"));
    return jinja;
  }

  private static ELFunctionDefinition function(String name, String method) {
    return new ELFunctionDefinition("", name, PythonFunctions.class, method, String.class);
  }
}
