package io.github.akashgen2api.akash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpHeaders;

/**
 * An answer of AkashGen's that was recorded: exact to the byte, chunk framing removed.
 */
final class Recording {

	static final JsonMapper JSON = new JsonMapper();

	private final String name;

	private final JsonNode root;

	private Recording(Path file) {
		this.name = file.getParent().getFileName() + "/" + file.getFileName();
		this.root = JSON.readTree(file);
	}

	static List<Recording> all() {
		try (Stream<Path> files = Files.walk(Path.of(Recording.class.getResource("recordings").toURI()))) {
			return files.filter((file) -> file.toString().endsWith(".json")).sorted().map(Recording::new).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (URISyntaxException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static Recording named(String name) {
		return all().stream().filter((recording) -> recording.name.equals(name + ".json")).findFirst().orElseThrow();
	}

	String name() {
		return this.name.substring(0, this.name.length() - ".json".length());
	}

	String path() {
		return this.root.at("/request/path").asString();
	}

	int status() {
		return this.root.at("/response/status").asInt();
	}

	HttpHeaders headers() {
		HttpHeaders headers = new HttpHeaders();
		this.root.at("/response/headers").properties().forEach((header) -> {
			assert header.getValue().isString();
			headers.add(header.getKey(), header.getValue().asString());
		});
		return headers;
	}

	byte[] body() {
		JsonNode base64 = this.root.at("/response/base64Body");
		return base64.isMissingNode() ? this.root.at("/response/body").asString().getBytes(StandardCharsets.UTF_8)
				: Base64.getDecoder().decode(base64.asString());
	}

	String text() {
		return new String(body(), StandardCharsets.UTF_8);
	}

	UpstreamResponse answer() {
		return new UpstreamResponse("job status", status(), headers(), body(), UpstreamResponse.End.PROPER, JSON);
	}

	/**
	 * Whether it is known which prompts the server put in.
	 */
	boolean hasMeaning() {
		return this.root.has("means");
	}

	String prompt() {
		return this.root.at("/means/prompt").asString();
	}

	String negativePrompt() {
		return this.root.at("/means/negative").asString();
	}

	@Override
	public String toString() {
		return name();
	}

}
