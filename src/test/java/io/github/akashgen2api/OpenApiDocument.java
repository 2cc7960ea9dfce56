package io.github.akashgen2api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code openapi.yaml}, against which {@link RunningService} checks each answer. Its
 * parts are named by JSON pointers.
 */
final class OpenApiDocument {

	private static final JsonMapper JSON = new JsonMapper();

	/** Those of HTTP itself. */
	private static final Set<String> UNDESCRIBED = Set.of("date", "content-length", "content-type", "connection",
			"transfer-encoding");

	/** What any request can lead to, and what is described once. */
	private static final Set<Integer> REFUSALS = Set.of(400, 404, 405, 406, 408, 414, 417, 431, 500, 505);

	private static final String REFUSAL = "/components/responses/Refusal";

	private static final String EITHER_ERROR = "/components/responses/ChatError/content/application~1json/schema";

	private static final String ADDRESS = "https://example.org/openapi";

	private static final JsonNode DOCUMENT = read();

	private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12,
			(registry) -> registry.schemas(Map.of(ADDRESS, DOCUMENT.toString())));

	private static final Map<String, Schema> COMPILED = new ConcurrentHashMap<>();

	private static final Map<String, Pattern> PATHS = new LinkedHashMap<>();

	static {
		// A model's name may contain slashes.
		DOCUMENT.get("paths")
			.propertyNames()
			.forEach((path) -> PATHS.put(path, Pattern.compile(
					path.replace(".", "\\.").replace("{model}", ".+").replaceAll("\\{\\w+}", "[^/]+") + "(?<=.)/?")));
	}

	private OpenApiDocument() {
	}

	private static JsonNode read() {
		try {
			Object document = new Yaml(new SafeConstructor(new LoaderOptions()))
				.load(new ClassPathResource("openapi.yaml").getContentAsString(StandardCharsets.UTF_8));
			return JSON.valueToTree(document);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** All operations, such as {@code GET /v1/jobs/{id}}. */
	static Set<String> operations() {
		Set<String> operations = new TreeSet<>();
		DOCUMENT.get("paths")
			.forEachEntry((path, item) -> item.propertyNames()
				.stream()
				.filter((name) -> !name.equals("parameters"))
				.forEach((method) -> operations.add(method.toUpperCase(Locale.ROOT) + " " + path)));
		return operations;
	}

	/** The names of an operation's parameters of one kind. */
	static Set<String> parameters(String operation, String in) {
		Set<String> names = new TreeSet<>();
		String pointer = pointer(operation);
		for (String owner : List.of(pointer.substring(0, pointer.lastIndexOf('/')), pointer)) {
			for (int i = 0; i < DOCUMENT.at(owner + "/parameters").size(); i++) {
				JsonNode parameter = DOCUMENT.at(resolved(owner + "/parameters/" + i));
				if (parameter.get("in").asString().equals(in)) {
					names.add(parameter.get("name").asString());
				}
			}
		}
		return names;
	}

	/** The names of the fields of an operation's JSON body. */
	static Set<String> fields(String operation) {
		String schema = resolved(pointer(operation) + "/requestBody/content/application~1json/schema");
		return new TreeSet<>(DOCUMENT.at(schema + "/properties").propertyNames());
	}

	/** The examples of answers in JSON, by the pointers to their schemas. */
	static Map<String, Set<JsonNode>> examples() {
		Map<String, Set<JsonNode>> examples = new TreeMap<>();
		Set<String> responses = new TreeSet<>();
		DOCUMENT.at("/components/responses")
			.propertyNames()
			.forEach((name) -> responses.add("/components/responses/" + name));
		operations().forEach((operation) -> DOCUMENT.at(pointer(operation) + "/responses")
			.propertyNames()
			.forEach((status) -> responses.add(pointer(operation) + "/responses/" + status)));
		for (String response : responses) {
			String media = response + "/content/application~1json";
			Set<JsonNode> found = examples.computeIfAbsent(media + "/schema", (_) -> new LinkedHashSet<>());
			DOCUMENT.at(media).optional("example").ifPresent(found::add);
			DOCUMENT.at(media + "/examples")
				.propertyNames()
				.forEach((name) -> found.add(DOCUMENT.at(resolved(media + "/examples/" + name) + "/value")));
		}
		return examples;
	}

	/**
	 * Check an answer.
	 * @param path the request's path, without the prefix
	 * @param headers their names are in lower case
	 * @param body {@code null} for an answer to {@code HEAD}
	 * @throws AssertionError if the document does not describe it
	 */
	static void check(String method, String path, int status, Map<String, List<String>> headers,
			@Nullable String body) {
		String answer = method + " " + path + " -> " + status;
		String mediaType = headers.getOrDefault("content-type", List.of("")).getFirst().replaceFirst(";.*", "");
		String operation = operation(method.equals("HEAD") ? "GET" : method, path);
		if (operation == null) {
			assertThat(status == 301 || status >= 400 || method.equals("OPTIONS")).as(answer).isTrue();
			if (mediaType.equals("application/json") && body != null) {
				checkBody(EITHER_ERROR, mediaType, body, answer);
			}
			return;
		}
		String response = pointer(operation) + "/responses/" + status;
		if (DOCUMENT.at(response).isMissingNode()) {
			assertThat(REFUSALS).as(answer).contains(status);
			response = pointer(operation) + "/responses/default";
		}
		response = resolved(response);
		checkHeaders(response, headers, answer);
		if (status != 304 && (!mediaType.isEmpty() || (body != null && !body.isEmpty()))) {
			assertThat(DOCUMENT.at(response + "/content").propertyNames()).as(answer).contains(mediaType);
			String schema = response + "/content/" + mediaType.replace("/", "~1") + "/schema";
			if (body != null && !DOCUMENT.at(schema).isMissingNode()) {
				checkBody(schema, mediaType, body, answer);
			}
		}
	}

	private static @Nullable String operation(String method, String path) {
		return PATHS.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().matcher(path).matches())
			.map((entry) -> method + " " + entry.getKey())
			.filter((operation) -> !DOCUMENT.at(pointer(operation)).isMissingNode())
			.findFirst()
			.orElse(null);
	}

	private static void checkHeaders(String response, Map<String, List<String>> headers, String answer) {
		Map<String, String> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		for (String described : List.of(REFUSAL, response)) {
			DOCUMENT.at(described + "/headers")
				.propertyNames()
				.forEach((name) -> known.put(name, resolved(described + "/headers/" + name)));
		}
		known.forEach((name, header) -> {
			if (DOCUMENT.at(header + "/required").asBoolean(false)) {
				assertThat(headers).as(answer).containsKey(name.toLowerCase(Locale.ROOT));
			}
		});
		headers.forEach((name, values) -> {
			if (!UNDESCRIBED.contains(name)) {
				assertThat(known).as(answer).containsKey(name);
				String schema = known.get(name) + "/schema";
				JsonNode value = DOCUMENT.at(schema + "/type").asString("").equals("integer")
						? JSON.readTree(values.getFirst()) : StringNode.valueOf(values.getFirst());
				assertThat(errors(schema, value)).as("%s, %s: %s", answer, name, value).isEmpty();
			}
		});
	}

	private static void checkBody(String schema, String mediaType, String body, String answer) {
		switch (mediaType) {
			case "text/event-stream" -> body.lines()
				.filter((line) -> line.startsWith("data: ") && !line.equals("data: [DONE]"))
				.forEach((line) -> assertThat(
						errors(resolved(schema) + "/contentSchema", JSON.readTree(line.substring(6))))
					.as("%s: %s", answer, line)
					.isEmpty());
			case "text/plain" -> assertThat(errors(schema, StringNode.valueOf(body))).as(answer).isEmpty();
			default -> assertThat(errors(schema, JSON.readTree(body))).as("%s: %s", answer, body).isEmpty();
		}
	}

	/** What is wrong with a value. */
	static List<Error> errors(String schema, JsonNode value) {
		return COMPILED
			.computeIfAbsent(schema, (pointer) -> SCHEMAS.getSchema(SchemaLocation.of(ADDRESS + "#" + pointer)))
			.validate(value);
	}

	private static String pointer(String operation) {
		String[] methodAndPath = operation.split(" ", 2);
		return "/paths/" + methodAndPath[1].replace("/", "~1") + "/" + methodAndPath[0].toLowerCase(Locale.ROOT);
	}

	private static String resolved(String pointer) {
		JsonNode reference = DOCUMENT.at(pointer + "/$ref");
		return reference.isMissingNode() ? pointer : reference.asString().substring(1);
	}

}
