package io.github.akashgen2api.generation;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.akash.ResponseExcerpt;
import io.github.akashgen2api.budget.TextBudget;
import io.github.akashgen2api.images.ImageService;
import io.github.akashgen2api.jobs.Conversation;
import io.github.akashgen2api.jobs.JobError;
import io.github.akashgen2api.jobs.JobRegistry;
import io.github.akashgen2api.jobs.JobRequest;
import io.github.akashgen2api.jobs.JobStores;
import io.github.akashgen2api.jobs.RequestIdentity;
import io.github.akashgen2api.polling.PollListener;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.polling.PollingService;
import io.github.akashgen2api.shutdown.ShutdownDrain;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;

/**
 * Tests for {@link ImageGenerationService}: a client repeats the request in the very
 * moment in which it is told how the first one ended.
 */
class ImageGenerationServiceTests {

	private static final Job FIRST = new Job(new JobId("first"), "fox", "");

	private static final Job SECOND = new Job(new JobId("second"), "fox", "");

	private static final JobStatus PENDING = new JobStatus.Pending(0, new ResponseExcerpt(200, "text/plain", "[]", 2));

	private final AkashGenClient akashGen = BDDMockito.mock();

	private final PollingService polling = BDDMockito.mock();

	private final AtomicReference<@Nullable PollListener> listener = new AtomicReference<>();

	/** Completes when the job is to end. */
	private final CompletableFuture<JobStatus.Succeeded> end = new CompletableFuture<>();

	private JobRegistry registry;

	private ImageGenerationService generations;

	@BeforeEach
	void start(@TempDir Path directory) {
		BDDMockito.given(this.polling.maxAttempts()).willReturn(1);
		BDDMockito.given(this.polling.followFor()).willReturn(Duration.ofMinutes(1));
		BDDMockito.given(this.polling.await(any(), ArgumentMatchers.<PollListener>any())).willAnswer((call) -> {
			this.listener.set(call.getArgument(1));
			return this.end.join();
		});
		GenerationProperties properties = new GenerationProperties(Duration.ofMinutes(1), 10, 10, Duration.ofSeconds(1),
				false);
		ImageService images = BDDMockito.mock();
		ShutdownDrain drain = BDDMockito.mock();
		BDDMockito.given(drain.watch(any())).willReturn(BDDMockito.mock(ShutdownDrain.Wait.class));
		this.registry = JobStores.registry(directory);
		this.generations = new ImageGenerationService(this.registry,
				new SubmitQueue(this.akashGen, new TextBudget(1_000_000), properties), this.polling, images,
				new JobRestorer(this.registry), new JobLog(properties, new LogRedactor(properties)),
				(failure) -> new JobError("failed", String.valueOf(failure.getMessage())), drain, properties,
				InstantSource.system());
	}

	@AfterEach
	void stop() {
		this.generations.close();
		this.end.cancel(true);
		this.registry.close();
	}

	@Test
	void clientThatIsToldThatItTakesTooLongJoinsTheJobWhenItRepeatsTheRequest() {
		BDDMockito.given(this.akashGen.submit(any())).willReturn(FIRST, SECOND);
		GenerationHandle first = begin(null);
		CompletableFuture<GenerationHandle> again = new CompletableFuture<>();
		first.onEnd(() -> again.complete(begin(null)));
		assertThat(first.awaitJob()).isEqualTo(FIRST);
		Awaitility.await().until(() -> this.listener.get() != null);
		this.listener.get().onPolled(PENDING, null);
		assertThatExceptionOfType(PollingException.JobTimeout.class).isThrownBy(first::awaitImage);
		GenerationHandle second = again.join();
		assertThat(second.awaitJob()).isEqualTo(FIRST);
		assertThat(second.awaitImage(Duration.ZERO)).isFalse();
	}

	@Test
	void clientThatIsToldThatNoJobWasQueuedStartsOneWithTheSameKeyAndNoMore() {
		BDDMockito.given(this.akashGen.submit(any()))
			.willThrow(new CapacityExceededException.TooManySubmits())
			.willReturn(FIRST, SECOND);
		CompletableFuture<GenerationHandle> again = new CompletableFuture<>();
		begin("key").onEnd(() -> again.complete(begin("key")));
		assertThat(again.join().awaitJob()).isEqualTo(FIRST);
		assertThat(begin("key").awaitJob()).isEqualTo(FIRST);
	}

	@Test
	void clientsThatWaitAreToldWhatFailed() {
		BDDMockito.given(this.akashGen.submit(any())).willReturn(FIRST);
		GenerationHandle handle = begin(null);
		this.end.completeExceptionally(new IllegalStateException("a bug"));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(handle::awaitImage).withMessage("a bug");
	}

	private GenerationHandle begin(@Nullable String idempotencyKey) {
		return this.generations
			.begin(new JobRequest(new RequestIdentity("k", "-", "k asks for a fox", idempotencyKey, null),
					new Conversation(List.of())), () -> false);
	}

}
