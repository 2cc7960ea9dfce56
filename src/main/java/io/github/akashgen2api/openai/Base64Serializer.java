package io.github.akashgen2api.openai;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

import io.github.akashgen2api.images.StoredImage;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/**
 * Writes an image in base64, streaming it from its file.
 */
class Base64Serializer extends ValueSerializer<StoredImage> {

	@Override
	public void serialize(StoredImage image, JsonGenerator json, SerializationContext context) {
		try (InputStream content = image.resource().getInputStream()) {
			json.writeBinary(content, Math.toIntExact(image.length()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
