package io.github.akashgen2api;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.akashgen2api.web.body.KnownFields;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.core.MethodParameter;
import org.springframework.core.io.ClassPathResource;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The description of the API, held to the code. The answers themselves are checked by
 * {@link RunningService}, in all tests.
 */
class OpenApiTests {

	/** Those of Spring Boot's actuator. */
	private static final Set<String> OF_OTHERS = Set.of("GET /actuator/health", "GET /actuator/health/{group}");

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, "API_PREFIX=akash");

	@Test
	void documentNeedsNoKey() throws IOException {
		HttpResponse<String> response = service.get("/akash/openapi.yaml", "Origin", "https://editor.example.com");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/yaml");
		assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
		assertThat(response.body())
			.isEqualTo(new ClassPathResource("openapi.yaml").getContentAsString(StandardCharsets.UTF_8));
		HttpResponse<byte[]> head = service.bytes("HEAD", "/akash/openapi.yaml");
		assertThat(head.headers().firstValueAsLong("Content-Length"))
			.hasValue(response.body().getBytes(StandardCharsets.UTF_8).length);
	}

	@Test
	void documentIsSentOnce() {
		String tag = service.get("/akash/openapi.yaml").headers().firstValue("ETag").orElseThrow();
		HttpResponse<String> again = service.get("/akash/openapi.yaml", "If-None-Match", tag);
		assertThat(again.statusCode()).isEqualTo(304);
		assertThat(again.body()).isEmpty();
		assertThat(service.get("/akash/openapi.yaml", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
	}

	@Test
	void everyRouteIsDescribedAndTheOtherWayRound() {
		Set<String> routes = new TreeSet<>(routes().keySet());
		routes.addAll(OF_OTHERS);
		assertThat(routes).isEqualTo(OpenApiDocument.operations()
			.stream()
			.map((operation) -> OF_OTHERS.contains(operation) ? operation : operation.replaceAll("\\{\\w+}", "{}"))
			.collect(Collectors.toCollection(TreeSet::new)));
	}

	/** Headers that the code reads by itself are not in its signatures. */
	@Test
	void everyParameterAndFieldOfARouteIsDescribedAndTheOtherWayRound() {
		Map<String, HandlerMethod> routes = routes();
		for (String operation : OpenApiDocument.operations()) {
			HandlerMethod handler = routes.get(operation.replaceAll("\\{\\w+}", "{}"));
			if (handler == null) {
				assertThat(OF_OTHERS).contains(operation);
				continue;
			}
			Set<String> query = new TreeSet<>();
			Set<String> headers = new TreeSet<>();
			Set<String> fields = new TreeSet<>();
			for (MethodParameter parameter : handler.getMethodParameters()) {
				RequestParam ofQuery = parameter.getParameterAnnotation(RequestParam.class);
				if (ofQuery != null) {
					query.add(ofQuery.name().isEmpty() ? parameter.getParameter().getName() : ofQuery.name());
				}
				if (parameter.hasParameterAnnotation(RequestBody.class)) {
					fields.addAll(List.of(parameter.getParameterType().getAnnotation(KnownFields.class).value()));
				}
				RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
				if (header != null) {
					headers.add(header.name());
				}
			}
			assertThat(OpenApiDocument.parameters(operation, "query")).as(operation).isEqualTo(query);
			assertThat(OpenApiDocument.parameters(operation, "header")).as(operation).containsAll(headers);
			assertThat(OpenApiDocument.fields(operation)).as(operation).isEqualTo(fields);
		}
	}

	/** All routes, such as {@code GET /v1/jobs/{}}. */
	private static Map<String, HandlerMethod> routes() {
		return service.routes()
			.entrySet()
			.stream()
			.filter((route) -> !ErrorController.class.isAssignableFrom(route.getValue().getBeanType()))
			.flatMap((route) -> names(route.getKey()).map((name) -> Map.entry(name, route.getValue())))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
	}

	/** A slash at the end is no other route. */
	private static Stream<String> names(RequestMappingInfo route) {
		return route.getMethodsCondition()
			.getMethods()
			.stream()
			.flatMap((method) -> route.getPatternValues()
				.stream()
				.map((path) -> method + " " + path.replaceAll("\\{\\*?\\w+}", "{}").replaceFirst("(?<=.)/$", "")))
			.distinct();
	}

	@ParameterizedTest
	@MethodSource
	void exampleIsValidAndAnyChangeOfItsShapeIsNot(String schema, JsonNode example) {
		assertThat(OpenApiDocument.errors(schema, example)).as(example.toString()).isEmpty();
		assertThat(changes(example)).isNotEmpty()
			.allSatisfy((changed) -> assertThat(OpenApiDocument.errors(schema, changed)).as(changed.toString())
				.isNotEmpty());
	}

	static Stream<Object[]> exampleIsValidAndAnyChangeOfItsShapeIsNot() {
		return OpenApiDocument.examples()
			.entrySet()
			.stream()
			.flatMap((examples) -> examples.getValue()
				.stream()
				.map((example) -> new Object[] { examples.getKey(), example }));
	}

	/**
	 * The same with another field in an object, or with an array in place of a field's
	 * value.
	 */
	private static List<JsonNode> changes(JsonNode example) {
		List<String> pointers = new ArrayList<>();
		collect(example, "", pointers);
		return pointers.stream().map((pointer) -> {
			JsonNode copy = example.deepCopy();
			int slash = pointer.lastIndexOf('/');
			((ObjectNode) copy.at(pointer.substring(0, slash))).putArray(pointer.substring(slash + 1)).addArray();
			return copy;
		}).toList();
	}

	private static void collect(JsonNode node, String pointer, List<String> pointers) {
		switch (node) {
			case ObjectNode object -> {
				pointers.add(pointer + "/another");
				object.forEachEntry((name, value) -> {
					pointers.add(pointer + "/" + name);
					collect(value, pointer + "/" + name, pointers);
				});
			}
			case ArrayNode array -> {
				for (int i = 0; i < array.size(); i++) {
					collect(array.get(i), pointer + "/" + i, pointers);
				}
			}
			default -> {
			}
		}
	}

	@Test
	void answerThatIsNotDescribedFailsItsTest() {
		Map<String, List<String>> json = Map.of("content-type", List.of("application/json;charset=utf-8"));
		String models = service.get("/akash/v1/models", "Authorization", "Bearer k").body();
		OpenApiDocument.check("GET", "/v1/models", 200, json, models);
		for (Runnable wrong : List.<Runnable>of(
				() -> OpenApiDocument.check("GET", "/v1/models", 200, json, models.replace("owned_by", "ownedBy")),
				() -> OpenApiDocument.check("GET", "/v1/models", 203, json, models),
				() -> OpenApiDocument.check("GET", "/v1/nothing", 200, json, models),
				() -> OpenApiDocument.check("GET", "/v1/models", 200, Map.of("content-type", List.of("text/html")),
						models),
				() -> OpenApiDocument.check("GET", "/v1/models", 200,
						Map.of("content-type", json.get("content-type"), "x-new", List.of("1")), models),
				() -> OpenApiDocument.check("GET", "/v1/jobs", 200, json,
						"{\"object\":\"list\",\"data\":[],\"first_id\":null,\"last_id\":null,\"has_more\":false}"),
				() -> OpenApiDocument.check("GET", "/v1/models", 401, json, "{\"error\":\"Unauthorized\"}"),
				() -> OpenApiDocument.check("GET", "/nothing", 404, json, "{\"message\":\"Not found\"}"))) {
			assertThatExceptionOfType(AssertionError.class).isThrownBy(wrong::run);
		}
	}

}
