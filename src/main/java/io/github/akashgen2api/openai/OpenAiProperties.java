package io.github.akashgen2api.openai;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How callers are spoken to.
 *
 * @param dialect whom callers are taken for
 * @param models the names of models to show besides {@code AkashGen}
 * @param answerChores whether chat apps' own questions are answered without a picture
 * @param stream how a stream is kept alive
 */
@ConfigurationProperties("openai")
record OpenAiProperties(DialectSetting dialect, List<String> models, boolean answerChores, Stream stream) {

	OpenAiProperties {
		models = models.stream().map(String::strip).filter((name) -> !name.isEmpty()).toList();
	}

	/** Whom callers are taken for. */
	enum DialectSetting {

		/** It is told from each request. */
		AUTO(null),

		/** For one who follows the README. */
		SIMPLE(Dialect.SIMPLE),

		/** For one who uses an OpenAI client. */
		OPENAI(Dialect.OPENAI);

		private final @Nullable Dialect dialect;

		DialectSetting(@Nullable Dialect dialect) {
			this.dialect = dialect;
		}

		@Nullable Dialect dialect() {
			return this.dialect;
		}

	}

	/** What is sent while a picture is made, so that nobody on the way hangs up. */
	enum KeepAlive {

		/**
		 * Chunks for web pages, whose requests name their origin; comments for others.
		 */
		AUTO,

		/** Comments, which clients ignore. */
		COMMENT,

		/** Chunks that add nothing, for clients that choke on comments. */
		CHUNK,

		/** Nothing. */
		OFF;

		/** What a client is sent. */
		KeepAlive of(boolean isWebPage) {
			return (this != AUTO) ? this : (isWebPage ? CHUNK : COMMENT);
		}

	}

	/**
	 * How a stream is kept alive.
	 *
	 * @param keepAlive what is sent while a picture is made
	 * @param interval the pause between two of them; some clients and proxies hang up on
	 * a stream that is silent for more than five seconds
	 * @param patience how long a refusal by AkashGen is waited for before the stream
	 * begins, as it is no longer an HTTP status then
	 */
	record Stream(KeepAlive keepAlive, @DefaultValue("4s") Duration interval, @DefaultValue("10s") Duration patience) {
	}

}
