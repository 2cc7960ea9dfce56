package io.github.akashgen2api.openai;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.akashgen2api.akash.Message;
import io.github.akashgen2api.web.body.KnownFields;
import io.github.akashgen2api.web.body.TruncatingJsonStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * The body of {@code POST /v1/chat/completions}. All other fields are ignored.
 *
 * @param model echoed in the answer; {@code null} for {@code AkashGen}
 * @param waitForImage whether to answer when the image is finished, and not as soon as
 * the job is queued; {@code null} for {@code true}
 * @param stream whether to answer with an event stream
 * @param maxTokens the maximum length of a text answer; {@code null} if the client sends
 * none
 * @param modalities what the answer may contain; {@code null} if the client sends none
 * @param others empty, or one entry that stands for all other fields
 */
@KnownFields(
		value = { "messages", "model", "waitForImage", "stream", "stream_options", "max_tokens",
				"max_completion_tokens", "max_output_tokens", "modalities" },
		nested = { "role", "content", "type", "text", "include_usage" })
record ChatCompletionRequest(@JsonDeserialize(as = RecentMessages.class) @Nullable List<@Nullable ChatMessage> messages,
		@Nullable String model, @Nullable Boolean waitForImage, @Nullable Boolean stream,
		@JsonProperty("stream_options") @Nullable StreamOptions streamOptions, @TokenLimit @Nullable Integer maxTokens,
		@Nullable List<@Nullable String> modalities, @JsonAnySetter @Nullable Map<String, Ignored> others) {

	static final String DEFAULT_MODEL = "AkashGen";

	/** Stands for all other fields, as a request may have very many. */
	private static final Map<String, Ignored> SOME = Map.of("", Ignored.VALUE);

	/** Maximum length of the model's name, which is echoed in every chunk. */
	private static final int MAX_MODEL = 1000;

	ChatCompletionRequest {
		model = (model != null && model.length() > MAX_MODEL) ? model.substring(0, MAX_MODEL) : model;
		others = (others == null || others.isEmpty()) ? Map.of() : SOME;
	}

	String modelOrDefault() {
		return (this.model != null) ? this.model : DEFAULT_MODEL;
	}

	boolean isImageAwaited() {
		return this.waitForImage == null || this.waitForImage || isStreamed();
	}

	boolean isStreamed() {
		return Boolean.TRUE.equals(this.stream);
	}

	boolean includesUsage() {
		return this.streamOptions != null && Boolean.TRUE.equals(this.streamOptions.includeUsage());
	}

	/**
	 * Whether the message contains the image as a part of its own, as OpenRouter's do.
	 */
	boolean includesImages() {
		return this.modalities != null && this.modalities.contains("image");
	}

	/** Whether the request has a field that the README does not document. */
	boolean hasOtherFields() {
		return this.stream != null || this.streamOptions != null || this.maxTokens != null || this.modalities != null
				|| SOME.equals(this.others);
	}

	/**
	 * The messages of the user and the assistant that have text. If there is no message
	 * of the user, it is the last instruction.
	 * @throws InvalidRequestException if the last message of the user has no text, or if
	 * a text is too long
	 */
	List<Message> conversation() {
		List<ChatMessage> checked = checkedMessages();
		int prompt = last(checked, ChatMessage::isFromUser).orElseGet(
				() -> last(checked, (message) -> message.isInstruction() && !message.text().isEmpty()).orElseThrow(
						() -> new InvalidRequestException("messages", "must contain a message with the role 'user'")));
		boolean isInstruction = checked.get(prompt).isInstruction();
		if (!isInstruction && checked.get(prompt).toMessage().isEmpty()) {
			throw new InvalidRequestException("messages[" + prompt + "].content",
					"has no text; it must describe the image");
		}
		for (int i = 0; i < checked.size(); i++) {
			if (checked.get(i).isTruncated() && (i == prompt || !checked.get(i).isInstruction())) {
				throw new InvalidRequestException("messages[" + i + "].content", TruncatingJsonStream.TOO_LONG);
			}
		}
		return isInstruction ? List.of(new Message(Message.Role.USER, checked.get(prompt).text()))
				: checked.stream().flatMap((message) -> message.toMessage().stream()).toList();
	}

	/**
	 * Release the memory of the messages. They may be long, and the request is held until
	 * the image is finished.
	 */
	void discardMessages() {
		if (this.messages != null) {
			this.messages.clear();
		}
	}

	private static OptionalInt last(List<ChatMessage> messages, Predicate<ChatMessage> predicate) {
		return IntStream.range(0, messages.size()).filter((i) -> predicate.test(messages.get(i))).max();
	}

	/**
	 * The messages, each with a role.
	 * @throws InvalidRequestException if there is no message, or a message has no role
	 */
	List<ChatMessage> checkedMessages() {
		if (this.messages == null) {
			throw new InvalidRequestException("messages", "is missing");
		}
		if (this.messages.isEmpty()) {
			throw new InvalidRequestException("messages", "must not be empty");
		}
		List<ChatMessage> checked = new ArrayList<>();
		for (ChatMessage message : this.messages) {
			if (message == null || message.role() == null) {
				throw new InvalidRequestException("messages[" + checked.size() + "].role", "is missing");
			}
			checked.add(message);
		}
		return checked;
	}

	/**
	 * OpenAI's stream options.
	 *
	 * @param includeUsage whether to send the usage in the last chunk
	 */
	record StreamOptions(@JsonProperty("include_usage") @Nullable Boolean includeUsage) {
	}

	/** The names that different clients use for the maximum number of tokens. */
	@JacksonAnnotationsInside
	@JsonProperty("max_tokens")
	@JsonAlias({ "max_completion_tokens", "max_output_tokens" })
	@JsonDeserialize(using = TokenLimitDeserializer.class)
	@Retention(RetentionPolicy.RUNTIME)
	@Target({ ElementType.PARAMETER, ElementType.FIELD })
	@interface TokenLimit {

	}

	/** A value that is skipped while reading. */
	@JsonDeserialize(using = Ignored.Deserializer.class)
	record Ignored() {

		private static final Ignored VALUE = new Ignored();

		static final class Deserializer extends ValueDeserializer<Ignored> {

			@Override
			public Ignored deserialize(JsonParser parser, DeserializationContext context) {
				parser.skipChildren();
				return VALUE;
			}

		}

	}

}
