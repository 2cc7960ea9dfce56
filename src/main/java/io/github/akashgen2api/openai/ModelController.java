package io.github.akashgen2api.openai;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonProperty;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * OpenAI's models, the names that chat apps offer. Requests may use any other name, as
 * the model is always AkashGen's.
 */
@RestController
class ModelController {

	private final List<Model> models;

	ModelController(OpenAiProperties settings, InstantSource clock) {
		Instant started = clock.instant();
		this.models = Stream.concat(Stream.of(ChatCompletionRequest.DEFAULT_MODEL), settings.models().stream())
			.distinct()
			.map((id) -> new Model(id, "model", started.getEpochSecond(), "akash"))
			.toList();
	}

	@GetMapping({ "/v1/models", "/v1/models/" })
	Models models() {
		return new Models("list", this.models);
	}

	/**
	 * Return one model.
	 * @param id a slash and the model's name, which may contain slashes
	 * @throws ModelNotFoundException if no model has this name
	 */
	@GetMapping("/v1/models/{*id}")
	Model model(@PathVariable String id) {
		String name = id.substring(1);
		return this.models.stream()
			.filter((model) -> model.id().equals(name))
			.findFirst()
			.orElseThrow(() -> new ModelNotFoundException(name));
	}

	/**
	 * OpenAI's list object.
	 *
	 * @param object always {@code list}
	 * @param data the models, AkashGen first
	 */
	record Models(String object, List<Model> data) {
	}

	/**
	 * OpenAI's model object.
	 *
	 * @param id the model's name
	 * @param object always {@code model}
	 * @param created when the service started, in seconds since 1970
	 * @param ownedBy always {@code akash}
	 */
	record Model(String id, String object, long created, @JsonProperty("owned_by") String ownedBy) {
	}

}
