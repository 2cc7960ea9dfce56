package io.github.akashgen2api.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.validation.FieldError;

/**
 * Says in a few lines which environment variable is wrong and why. Which variable a
 * property is set by is read from {@code application.yaml}, where it says
 * <code>${VARIABLE:default}</code>.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class WrongSettingFailureAnalyzer implements FailureAnalyzer {

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+):");

	private static final Pattern SECRET = Pattern.compile("(?!RATE_LIMIT)(?!NO_PROXY).*(?i:key|token|cookie|proxy).*");

	private static final String ACTION = "Correct it in the environment or in the file .env; the README has a table of all settings.";

	private final @Nullable Environment environment;

	WrongSettingFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof WrongSettingException) {
				return new FailureAnalysis(cause.getMessage(), ACTION, failure);
			}
			if (cause instanceof InvalidConfigurationPropertyValueException invalid) {
				return new FailureAnalysis(describe(invalid.getName(), invalid.getValue(), invalid.getReason()), ACTION,
						failure);
			}
			if (cause instanceof BindException bind) {
				return new FailureAnalysis(describe(bind), ACTION, failure);
			}
		}
		return null;
	}

	private String describe(BindException bind) {
		if (bind.getCause() instanceof BindValidationException invalid
				&& invalid.getValidationErrors().getAllErrors().getFirst() instanceof FieldError error) {
			ConfigurationPropertyName name = invalid.getValidationErrors()
				.getName()
				.append(ConfigurationPropertyName.adapt(error.getField(), '.').toString());
			return describe(kebab(name.toString()), error.getRejectedValue(), error.getDefaultMessage());
		}
		Throwable root = bind;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		Object value = (bind.getProperty() != null) ? bind.getProperty().getValue() : null;
		String reason = expected(bind.getTarget().getType().resolve(Object.class), root);
		return describe(bind.getName().toString(), value, reason);
	}

	private static @Nullable String expected(Class<?> type, Throwable root) {
		if (type.isEnum()) {
			return "must be one of " + Arrays.stream(type.getEnumConstants())
				.map((constant) -> constant.toString().toLowerCase(Locale.ROOT))
				.collect(Collectors.joining(", "));
		}
		if (type == boolean.class) {
			return "must be true or false";
		}
		return (type == int.class && root instanceof NumberFormatException) ? "must be a whole number"
				: root.getMessage();
	}

	private static String kebab(String name) {
		return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
	}

	private String describe(String property, @Nullable Object value, @Nullable String reason) {
		String name = variable(property).orElse(property);
		Object shown = (this.environment != null) ? this.environment.getProperty(name, String.valueOf(value)) : value;
		return SECRET.matcher(name).matches() ? name + " (its value is secret) " + reason
				: name + " is '" + shown + "': " + inWords(reason);
	}

	private static String inWords(@Nullable String reason) {
		if (reason != null && reason.endsWith("java.lang.Integer")) {
			return "must be a whole number";
		}
		return (reason == null || reason.startsWith("For input string")) ? "cannot be understood" : reason;
	}

	private Optional<String> variable(String property) {
		if (this.environment instanceof ConfigurableEnvironment configurable) {
			for (PropertySource<?> source : configurable.getPropertySources()) {
				Matcher placeholder = PLACEHOLDER.matcher(String.valueOf(source.getProperty(property)));
				if (placeholder.find()) {
					return Optional.of(placeholder.group(1));
				}
			}
		}
		return Optional.empty();
	}

}
