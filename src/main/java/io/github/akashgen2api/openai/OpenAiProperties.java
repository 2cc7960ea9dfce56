package io.github.akashgen2api.openai;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;

/**
 * OpenAI's API.
 *
 * @param dialect the dialect of answers and errors
 * @param models the names of models to list besides {@code AkashGen}
 * @param answersAuxiliaryRequests whether auxiliary requests of chat apps are answered
 * with text, and not with an image
 */
@ConfigurationProperties("openai")
record OpenAiProperties(DialectSetting dialect, List<String> models,
		@Name("answer-chores") boolean answersAuxiliaryRequests, Stream stream) {

	OpenAiProperties {
		models = models.stream().map(String::strip).filter((name) -> !name.isEmpty()).toList();
	}

	/** A fixed dialect, or detection. */
	enum DialectSetting {

		/** Detects the dialect from each request. */
		AUTO(null),

		SIMPLE(Dialect.SIMPLE),

		OPENAI(Dialect.OPENAI);

		private final @Nullable Dialect dialect;

		DialectSetting(@Nullable Dialect dialect) {
			this.dialect = dialect;
		}

		@Nullable Dialect dialect() {
			return this.dialect;
		}

	}

	/** What keeps a stream alive until the image is finished. */
	enum KeepAlive {

		/**
		 * Chunks for web pages, whose requests name their origin; comments for others.
		 */
		AUTO,

		/** Comments, which clients ignore. */
		COMMENT,

		/** Chunks without content, for clients that fail at comments. */
		CHUNK,

		OFF;

		KeepAlive resolve(boolean isWebPage) {
			return (this != AUTO) ? this : (isWebPage ? CHUNK : COMMENT);
		}

	}

	/**
	 * Streamed completions.
	 *
	 * @param interval the time between two keep-alives. Some clients and proxies close a
	 * stream that is silent for more than five seconds
	 * @param startDelay the longest wait for AkashGen's answer to the submit before the
	 * stream begins. An error within this time has an HTTP status
	 * @param responseStartDelay the same for responses, whose first events come at once.
	 * It suffices for what the service refuses without asking AkashGen
	 */
	record Stream(KeepAlive keepAlive, @DefaultValue("4s") Duration interval, @DefaultValue("10s") Duration startDelay,
			@DefaultValue("500ms") Duration responseStartDelay) {
	}

}
