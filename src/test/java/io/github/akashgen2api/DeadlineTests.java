package io.github.akashgen2api;

import java.net.http.HttpResponse;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A caller has his answer in time, whatever AkashGen does; and the picture is not lost.
 */
class DeadlineTests {

	/** Enough to have a job queued on a slow machine. */
	private static final String TIME = "1s";

	/** Longer than anything is waited for here. */
	private static final ResponseDefinitionBuilder HANG = aResponse().withFixedDelay(30_000);

	private static final ResponseDefinitionBuilder TRICKLE = aResponse().withBody("x".repeat(1000))
		.withChunkedDribbleDelay(100, 30_000);

	@RegisterExtension
	static final AkashGenDouble akashGen = new AkashGenDouble();

	@RegisterExtension
	static final RunningService service = RunningService.against(akashGen, "ANSWER_WITHIN=" + TIME,
			"POLL_MAX_ATTEMPTS=1000", "FOLLOW_FOR=1m", "ADOPT_WITHIN=1m");

	/** The first request takes longest. */
	@BeforeAll
	static void warmUp() {
		service.complete("warm-up");
	}

	@Test
	void sessionThatHangs() {
		try (RunningService fresh = RunningService.against(akashGen, "ANSWER_WITHIN=" + TIME)) {
			akashGen.session(HANG);
			assertThat(inTime(fresh, "session").body())
				.isEqualTo("{\"error\":\"AkashGen did not queue the image in time\"}");
		}
	}

	@Test
	void submitThatTrickles() {
		akashGen.chat(TRICKLE);
		assertThat(inTime(service, "submit").body())
			.isEqualTo("{\"error\":\"AkashGen did not queue the image in time\"}");
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void jobThatIsPendingForEverIsTakenUpAgain() {
		akashGen.status(AkashGenDouble.row("pending", ""));
		assertThat(inTime(service, "pending").body()).contains("\"id\":\"" + AkashGenDouble.JOB + "\"");
		akashGen.status(AkashGenDouble.row("succeeded", AkashGenDouble.FILE));
		assertThat(service.complete("pending").statusCode()).isEqualTo(200);
		assertThat(akashGen.submits()).hasSize(1);
	}

	@Test
	void pollsThatHang() {
		akashGen.status(HANG);
		assertThat(inTime(service, "polls").body()).contains("\"id\":\"" + AkashGenDouble.JOB + "\"");
	}

	@Test
	void pictureThatTricklesIsThereLater() {
		akashGen.jobs("trickle");
		akashGen.statusOf("trickle", "succeeded", AkashGenDouble.file("trickle"));
		akashGen.server.stubFor(get(urlEqualTo(AkashGenDouble.file("trickle")))
			.willReturn(AkashGenDouble.webp(AkashGenDouble.PICTURE).withChunkedDribbleDelay(10, 3000)));
		assertThat(inTime(service, "picture").body()).contains("\"id\":\"trickle\"");
		Awaitility.await().until(() -> service.get("/images?id=trickle").statusCode() == 200);
		assertThat(akashGen.downloads("trickle")).isEqualTo(1);
	}

	@Test
	void browserIsToldInTimeThatAPictureStillTrickles() {
		akashGen.statusOf("browser", "succeeded", AkashGenDouble.file("browser"));
		akashGen.server.stubFor(get(urlEqualTo(AkashGenDouble.file("browser")))
			.willReturn(AkashGenDouble.webp(AkashGenDouble.PICTURE).withChunkedDribbleDelay(10, 2000)));
		try (RunningService brisk = RunningService.against(akashGen, "images.fetch-within=200ms")) {
			HttpResponse<String> response = brisk.get("/images?id=browser");
			assertThat(response.statusCode()).isEqualTo(404);
			assertThat(response.body()).contains("The image is still being fetched");
			assertThat(response.headers().firstValue("Retry-After")).isPresent();
			Awaitility.await().until(() -> brisk.get("/images?id=browser").statusCode() == 200);
		}
		assertThat(akashGen.downloads("browser")).isEqualTo(1);
	}

	@Test
	void streamEndsInTime() {
		akashGen.status(AkashGenDouble.row("pending", ""));
		HttpResponse<String> response = service
			.post("{\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"stream\"}]}");
		assertThat(response.body()).contains("image_generation_timeout");
	}

	@Test
	void imageGenerationsEndInTime() {
		akashGen.status(AkashGenDouble.row("pending", ""));
		HttpResponse<String> response = service.post("/v1/images/generations", "{\"prompt\":\"images\",\"n\":3}",
				"Authorization", "Bearer k");
		assertThat(response.statusCode()).isEqualTo(504);
	}

	private static HttpResponse<String> inTime(RunningService service, String prompt) {
		HttpResponse<String> response = service.complete(prompt);
		assertThat(response.statusCode()).isEqualTo(504);
		return response;
	}

}
