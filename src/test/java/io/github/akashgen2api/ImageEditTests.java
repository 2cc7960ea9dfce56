package io.github.akashgen2api;

import java.net.http.HttpResponse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * OpenAI's image edits and variations, against the whole service.
 */
class ImageEditTests {

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen);

	@Test
	void variationsNameWhatThereIsInstead() {
		HttpResponse<String> response = service.post("/v1/images/variations",
				"--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\nPNG\r\n--x--\r\n",
				"Authorization", "Bearer k", "Content-Type", "multipart/form-data; boundary=x");
		assertThat(response.statusCode()).isEqualTo(404);
		JsonNode error = RunningService.json(response).get("error");
		assertThat(error.get("code").asString()).isEqualTo("unsupported_endpoint");
		assertThat(error.get("message").asString()).isEqualTo("There are no variations of images, as AkashGen takes "
				+ "words only; send a prompt to /v1/images/edits or /v1/images/generations");
		assertThat(service.post("/v1/images/variations", "").statusCode()).isEqualTo(401);
	}

}
