package io.github.akashgen2api.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.validation.FieldError;

/**
 * Says in a few lines which environment variable is wrong and why. Which variable a
 * property is set by is read from {@code application.yaml}, where it says
 * <code>${VARIABLE:default}</code>.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidSettingFailureAnalyzer implements FailureAnalyzer {

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(\\w+):");

	private static final Pattern SECRET = Pattern
		.compile("(?i:(?!rate_limit)(?!no_proxy).*(?:key|token|cookie|proxy).*)");

	private static final String ACTION = "Correct it in the environment or in the file .env; docs/configuration.md lists all settings.";

	private final @Nullable Environment environment;

	InvalidSettingFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof InvalidSettingException) {
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
		ConfigurationProperty property = bind.getProperty();
		Object value = (property != null) ? property.getValue() : null;
		String reason = expected(bind.getTarget().getType().resolve(Object.class), root);
		return describe((Origin.from(property) instanceof SystemEnvironmentOrigin variable) ? variable.getProperty()
				: bind.getName().toString(), value, reason);
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

	/** Empty where a property is set by its own name, as on the command line. */
	private Optional<String> variable(String property) {
		if (!(this.environment instanceof ConfigurableEnvironment configurable)) {
			return Optional.empty();
		}
		Optional<Object> written = configurable.getPropertySources()
			.stream()
			.map((source) -> source.getProperty(property))
			.filter(Objects::nonNull)
			.findFirst();
		List<String> variables = written.stream()
			.flatMap((value) -> PLACEHOLDER.matcher(value.toString()).results())
			.map((placeholder) -> placeholder.group(1))
			.toList();
		return variables.stream()
			.filter((variable) -> isSet(configurable, variable))
			.findFirst()
			.or(() -> variables.reversed().stream().findFirst());
	}

	/** By exactly this name: {@code http_proxy} is not {@code HTTP_PROXY}. */
	private static boolean isSet(ConfigurableEnvironment environment, String variable) {
		return environment.getPropertySources()
			.stream()
			.anyMatch((source) -> source instanceof EnumerablePropertySource<?> enumerable
					&& List.of(enumerable.getPropertyNames()).contains(variable));
	}

}
