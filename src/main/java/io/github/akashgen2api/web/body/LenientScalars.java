package io.github.akashgen2api.web.body;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The leniency for all fields of requests. An empty or blank string counts as
 * {@code null}. Booleans and numbers may be strings, and booleans may be 0 or 1. A number
 * is refused where a string is expected, as it is hardly a prompt.
 */
public final class LenientScalars {

	private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,40}(?:\\.[0-9]{0,40})?");

	private LenientScalars() {
	}

	/**
	 * Create a mapper for requests.
	 * @param json the mapper to copy
	 */
	public static JsonMapper of(JsonMapper json) {
		return json.rebuild()
			.addModule(new SimpleModule().addDeserializer(Boolean.class, new Booleans())
				.addDeserializer(BigDecimal.class, new Numbers())
				.addDeserializer(String.class, new Texts()))
			.withCoercionConfigDefaults((any) -> any.setAcceptBlankAsEmpty(true)
				.setCoercion(CoercionInputShape.EmptyString, CoercionAction.AsNull))
			.build();
	}

	private static final class Booleans extends ValueDeserializer<Boolean> {

		@Override
		public @Nullable Boolean deserialize(JsonParser parser, DeserializationContext context) {
			String text = parser.currentToken().isScalarValue() ? parser.getString().strip().toLowerCase(Locale.ROOT)
					: "an object or array";
			return switch (text) {
				case "" -> null;
				case "true", "1", "1.0" -> Boolean.TRUE;
				case "false", "0", "0.0" -> Boolean.FALSE;
				default -> context.reportInputMismatch(Boolean.class, "must be true or false");
			};
		}

	}

	private static final class Numbers extends ValueDeserializer<BigDecimal> {

		private static final int MAX_DIGITS = 40;

		@Override
		public @Nullable BigDecimal deserialize(JsonParser parser, DeserializationContext context) {
			return switch (parser.currentToken()) {
				case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
					(parser.getStringLength() <= MAX_DIGITS) ? parser.getDecimalValue() : context
						.reportInputMismatch(BigDecimal.class, "must be a number of at most " + MAX_DIGITS + " digits");
				case VALUE_STRING -> ofText(parser.getString().strip(), context);
				default -> context.reportInputMismatch(BigDecimal.class, "must be a number");
			};
		}

		private static @Nullable BigDecimal ofText(String text, DeserializationContext context) {
			if (text.isEmpty()) {
				return null;
			}
			return NUMBER.matcher(text).matches() ? new BigDecimal(text)
					: context.reportInputMismatch(BigDecimal.class, "must be a number");
		}

	}

	private static final class Texts extends ValueDeserializer<String> {

		@Override
		public @Nullable String deserialize(JsonParser parser, DeserializationContext context) {
			return switch (parser.currentToken()) {
				case VALUE_STRING -> parser.getString().isBlank() ? null : parser.getString();
				default -> context.reportInputMismatch(String.class, "must be a string");
			};
		}

	}

}
