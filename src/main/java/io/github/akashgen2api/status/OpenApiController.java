package io.github.akashgen2api.status;

import java.io.IOException;

import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * The description of the API, {@code openapi.yaml}, without a key. It is written by hand;
 * {@code OpenApiTests} holds it to the code.
 */
@RestController
class OpenApiController {

	private static final String NAME = "openapi.yaml";

	/** RFC 9512, which knows no character set but UTF-8. */
	private static final MediaType YAML = new MediaType("application", "yaml");

	private final byte[] document;

	private final String entityTag;

	OpenApiController() throws IOException {
		this.document = new ClassPathResource(NAME).getContentAsByteArray();
		this.entityTag = "\"" + DigestUtils.md5DigestAsHex(this.document) + "\"";
	}

	@GetMapping("/" + NAME)
	ResponseEntity<byte[]> document() {
		return ResponseEntity.ok()
			.contentType(YAML)
			.cacheControl(CacheControl.noCache())
			.eTag(this.entityTag)
			.body(this.document);
	}

}
