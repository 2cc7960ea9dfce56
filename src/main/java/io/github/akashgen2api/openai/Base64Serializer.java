package io.github.akashgen2api.openai;

import java.util.function.Supplier;

import io.github.akashgen2api.akash.Picture;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/**
 * Writes a picture in base64, piece by piece.
 */
class Base64Serializer extends ValueSerializer<Supplier<Picture>> {

	@Override
	public void serialize(Supplier<Picture> picture, JsonGenerator json, SerializationContext context) {
		json.writeBinary(picture.get().bytes());
	}

}
