package io.github.akashgen2api.openai;

import io.github.akashgen2api.akash.Picture;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;

/**
 * Writes a picture in base64, piece by piece: ten in one string would take much memory.
 */
class Base64Serializer extends ValueSerializer<Picture> {

	@Override
	public void serialize(Picture picture, JsonGenerator json, SerializationContext context) {
		json.writeBinary(picture.bytes());
	}

}
