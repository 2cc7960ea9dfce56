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
 * The body of {@code POST /v1/chat/completions}, as far as it is heeded; whatever else a
 * client sends is ignored.
 *
 * @param messages the conversation
 * @param model echoed in the answer; {@code null}: {@code AkashGen}
 * @param waitForImage whether to answer when the picture is made, and not when it is
 * queued; {@code null}: it is waited for
 * @param stream whether to answer with an event stream
 * @param streamOptions how to stream
 * @param maxTokens how long an answer in words may be; {@code null}: the client does not
 * say
 * @param others the other fields that OpenAI clients send, all as one
 */
@KnownFields(
		value = { "messages", "model", "waitForImage", "stream", "stream_options", "max_tokens",
				"max_completion_tokens", "max_output_tokens" },
		nested = { "role", "content", "type", "text", "include_usage" })
record ChatCompletionRequest(@JsonDeserialize(as = RecentMessages.class) @Nullable List<@Nullable ChatMessage> messages,
		@Nullable String model, @Nullable Boolean waitForImage, @Nullable Boolean stream,
		@JsonProperty("stream_options") @Nullable StreamOptions streamOptions, @TokenLimit @Nullable Integer maxTokens,
		@JsonAnySetter @Nullable Map<String, Ignored> others) {

	static final String DEFAULT_MODEL = "AkashGen";

	/** What stands for all other fields: their names may be many. */
	private static final Map<String, Ignored> SOME = Map.of("", Ignored.VALUE);

	/** Of the model's name, which is echoed in every chunk. */
	private static final int MAX_MODEL = 1000;

	ChatCompletionRequest {
		model = (model != null && model.length() > MAX_MODEL) ? model.substring(0, MAX_MODEL) : model;
		others = (others == null || others.isEmpty()) ? Map.of() : SOME;
	}

	String modelOrDefault() {
		return (this.model != null) ? this.model : DEFAULT_MODEL;
	}

	boolean isPictureAwaited() {
		return this.waitForImage == null || this.waitForImage || isStreamed();
	}

	boolean isStreamed() {
		return Boolean.TRUE.equals(this.stream);
	}

	boolean isUsageWanted() {
		return this.streamOptions != null && Boolean.TRUE.equals(this.streamOptions.includeUsage());
	}

	/** Whether there is any field that the README does not speak of. */
	boolean hasOtherFields() {
		return this.stream != null || this.streamOptions != null || this.maxTokens != null || SOME.equals(this.others);
	}

	/**
	 * What is said in the conversation by the user and the assistant; what has no text is
	 * left out, and so are other roles. Where there is no user, it is the last
	 * instruction.
	 * @throws InvalidRequestException if there is nothing to paint in it
	 */
	List<Message> conversation() {
		List<ChatMessage> checked = checkedMessages();
		int asked = last(checked, ChatMessage::isFromUser).orElseGet(
				() -> last(checked, (message) -> message.isInstruction() && !message.text().isEmpty()).orElseThrow(
						() -> new InvalidRequestException("messages", "must hold a message whose role is 'user'")));
		boolean isInstruction = checked.get(asked).isInstruction();
		if (!isInstruction && checked.get(asked).said().isEmpty()) {
			throw new InvalidRequestException("messages[" + asked + "].content", "holds no text to paint");
		}
		for (int i = 0; i < checked.size(); i++) {
			if (checked.get(i).isCut() && (i == asked || !checked.get(i).isInstruction())) {
				throw new InvalidRequestException("messages[" + i + "].content", TruncatingJsonStream.TOO_LONG);
			}
		}
		return isInstruction ? List.of(new Message(Message.Role.USER, checked.get(asked).text()))
				: checked.stream().flatMap((message) -> message.said().stream()).toList();
	}

	/**
	 * They may be long, and this object is held for as long as the image is waited for.
	 */
	void forgetMessages() {
		if (this.messages != null) {
			this.messages.clear();
		}
	}

	private static OptionalInt last(List<ChatMessage> messages, Predicate<ChatMessage> which) {
		return IntStream.range(0, messages.size()).filter((i) -> which.test(messages.get(i))).max();
	}

	/**
	 * The messages, each of which has a role.
	 * @throws InvalidRequestException if there is none, or one has none
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
	 * How to stream.
	 *
	 * @param includeUsage whether to tell the usage at the end
	 */
	record StreamOptions(@JsonProperty("include_usage") @Nullable Boolean includeUsage) {
	}

	/** What different clients call how many tokens an answer may have. */
	@JacksonAnnotationsInside
	@JsonProperty("max_tokens")
	@JsonAlias({ "max_completion_tokens", "max_output_tokens" })
	@JsonDeserialize(using = TokenLimitDeserializer.class)
	@Retention(RetentionPolicy.RUNTIME)
	@Target({ ElementType.PARAMETER, ElementType.FIELD })
	@interface TokenLimit {

	}

	/** A value that is skipped while reading, and not held. */
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
