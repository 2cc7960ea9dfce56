package io.github.akashgen2api.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.akashgen2api.web.body.ImageDigest;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * An image that a client sends, by which the service recognises its own.
 *
 * @param isDigest whether the client sends the image itself, and not a link to it
 * @param reference the SHA-256 of the image in hex digits, or the job's id in the link
 */
record SentImage(boolean isDigest, String reference) {

	/** A link to an image of this service, whatever the host is. */
	private static final Pattern LINK = Pattern
		.compile("/images(?:\\?(?:[^#]*&)?id=|/)([A-Za-z0-9_-]{1,128})(?:\\.(?:webp|png|jpe?g))?(?:[?&#].*)?$");

	/** Longer links are not ours. */
	private static final int MAX_LINK = 2000;

	static Optional<SentImage> of(String url) {
		Optional<String> digest = ImageDigest.sha256(url);
		if (digest.isPresent() || url.length() > MAX_LINK) {
			return digest.map((sha256) -> new SentImage(true, sha256));
		}
		Matcher link = LINK.matcher(url.strip());
		return link.find() ? Optional.of(new SentImage(false, link.group(1))) : Optional.empty();
	}

	/**
	 * Reads a URL, or an array of URLs or of objects with a URL. URLs that cannot be
	 * those of our images are skipped.
	 */
	static final class ListDeserializer extends ValueDeserializer<List<SentImage>> {

		/** OpenAI's limit. */
		private static final int MAX_IMAGES = 16;

		@Override
		public List<SentImage> deserialize(JsonParser parser, DeserializationContext context) {
			JsonToken token = parser.currentToken();
			if (token.isScalarValue() && token != JsonToken.VALUE_STRING) {
				return context.reportInputMismatch(List.class,
						"must be a link or a data URL, or an array of objects with one in image_url");
			}
			List<SentImage> images = new ArrayList<>();
			int depth = 0;
			while (true) {
				if (token == JsonToken.VALUE_STRING && images.size() < MAX_IMAGES) {
					of(parser.getString()).ifPresent(images::add);
				}
				depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
				if (depth == 0) {
					return images;
				}
				token = parser.nextToken();
			}
		}

	}

}
