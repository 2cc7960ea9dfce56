package io.github.akashgen2api;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.extension.ResponseDefinitionTransformerV2;
import com.github.tomakehurst.wiremock.http.ResponseDefinition;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;

/**
 * Answers for all jobs that are asked for in one request, as one version of AkashGen was
 * seen to: in their order, and 404 for all where it does not know one.
 */
final class JobRows implements ResponseDefinitionTransformerV2 {

	static final String NAME = "job-rows";

	private final Map<String, Integer> looksLeft = new ConcurrentHashMap<>();

	/**
	 * Know a job from here on.
	 * @param looks how often it is looked at until it has succeeded
	 */
	synchronized void add(String id, int looks) {
		this.looksLeft.put(id, looks);
	}

	/** All jobs succeed at the next look. */
	synchronized void finish() {
		this.looksLeft.replaceAll((_, _) -> 1);
	}

	synchronized void clear() {
		this.looksLeft.clear();
	}

	@Override
	public synchronized ResponseDefinition transform(ServeEvent event) {
		List<String> ids = AkashGenDouble.ids(event.getRequest());
		ResponseDefinitionBuilder answer = ResponseDefinitionBuilder.like(event.getResponseDefinition());
		if (!this.looksLeft.keySet().containsAll(ids)) {
			return answer.withStatus(404).withBody("{\"error\":\"Middleware error: 404\"}").build();
		}
		return answer.withBody(ids.stream().map(this::look).collect(Collectors.joining(",", "[", "]"))).build();
	}

	private String look(String id) {
		boolean isDone = this.looksLeft.merge(id, -1, Integer::sum) <= 0;
		return isDone ? row(id, "succeeded", AkashGenDouble.file(id)) : row(id, "pending", "");
	}

	static String row(String id, String status, String result) {
		return "{\"job_id\":\"%s\",\"status\":\"%s\",\"result\":\"%s\",\"queue_position\":0}".formatted(id, status,
				result);
	}

	static String rows(String... rows) {
		return Arrays.stream(rows).collect(Collectors.joining(",", "[", "]"));
	}

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public boolean applyGlobally() {
		return false;
	}

}
