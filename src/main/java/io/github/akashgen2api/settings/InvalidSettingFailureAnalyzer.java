package io.github.akashgen2api.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.validation.FieldError;

/**
 * Says which environment variable is invalid and why, without the values of secrets,
 * which Spring Boot's own reports show. The variables of a property are those in its
 * <code>${VARIABLE:default}</code> in {@code application.yaml}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidSettingFailureAnalyzer implements FailureAnalyzer {

	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(\\w+):");

	private static final Pattern SECRET = Pattern
		.compile("(?i:(?!rate_limit)(?!no_proxy).*(?:key|token|cookie|proxy).*)");

	private static final String ACTION = "Correct it in the environment or in the file .env; docs/configuration.md lists all settings.";

	private static final String WHOLE_NUMBER = "must be a whole number";

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
				return new FailureAnalysis(
						describe(invalid.getName(), invalid.getValue(), inWords(invalid.getReason())), ACTION, failure);
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
			String property = bind.getName() + "." + DataObjectPropertyName.toDashedForm(error.getField());
			return describe(property, error.getRejectedValue(), error.getDefaultMessage());
		}
		ConfigurationProperty property = bind.getProperty();
		String name = (Origin.from(property) instanceof SystemEnvironmentOrigin variable) ? variable.getProperty()
				: bind.getName().toString();
		return describe(name, (property != null) ? property.getValue() : null,
				reason(bind.getTarget().getType().resolve(Object.class), bind));
	}

	private String describe(String property, @Nullable Object value, @Nullable String reason) {
		String name = variable(property);
		return SECRET.matcher(name).matches() ? name + " (its value is secret) " + reason
				: name + " is '" + written(name).orElse(String.valueOf(value)) + "': " + reason;
	}

	private static String reason(Class<?> type, BindException bind) {
		if (type.isEnum()) {
			return "must be one of " + Arrays.stream(type.getEnumConstants())
				.map((constant) -> constant.toString().toLowerCase(Locale.ROOT))
				.collect(Collectors.joining(", "));
		}
		if (type == boolean.class) {
			return "must be true or false";
		}
		return (type == int.class) ? WHOLE_NUMBER
				: inWords(NestedExceptionUtils.getMostSpecificCause(bind).getMessage());
	}

	private static String inWords(@Nullable String reason) {
		if (reason != null && reason.endsWith("java.lang.Integer")) {
			return WHOLE_NUMBER;
		}
		return (reason == null || reason.startsWith("For input string")) ? "cannot be understood" : reason;
	}

	/** The variable that sets a property, or the property if it is set directly. */
	private String variable(String property) {
		return written(property).stream()
			.flatMap((value) -> PLACEHOLDER.matcher(value).results())
			.map((placeholder) -> placeholder.group(1))
			.filter(this::isSet)
			.findFirst()
			.orElse(property);
	}

	/** The value of a variable or a property before its placeholders are replaced. */
	private Optional<String> written(String name) {
		return sources().map((source) -> source.getProperty(name))
			.filter(Objects::nonNull)
			.map(Object::toString)
			.findFirst();
	}

	/** By exactly this name: {@code http_proxy} is not {@code HTTP_PROXY}. */
	private boolean isSet(String variable) {
		return sources().anyMatch((source) -> source instanceof EnumerablePropertySource<?> enumerable
				&& List.of(enumerable.getPropertyNames()).contains(variable));
	}

	private Stream<PropertySource<?>> sources() {
		return (this.environment instanceof ConfigurableEnvironment configurable)
				? configurable.getPropertySources().stream() : Stream.empty();
	}

}
