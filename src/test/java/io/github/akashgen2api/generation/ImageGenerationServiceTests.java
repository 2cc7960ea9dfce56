package io.github.akashgen2api.generation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.budget.TextBudget;
import io.github.akashgen2api.images.ImageService;
import io.github.akashgen2api.jobs.JobRecord;
import io.github.akashgen2api.jobs.KeptJobs;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.polling.PollingService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;

/**
 * Tests for {@link ImageGenerationService}: who asks again in the very moment in which he
 * is told how it ended.
 */
class ImageGenerationServiceTests {

	private static final Job FIRST = new Job(new JobId("first"), "fox", "");

	private static final Job SECOND = new Job(new JobId("second"), "fox", "");

	private static final Conversation FOX = new Conversation(List.of());

	private final AkashGenClient akashGen = BDDMockito.mock();

	private final PollingService polling = BDDMockito.mock();

	private final KeptJobs jobs = BDDMockito.mock();

	private final CompletableFuture<JobStatus.Succeeded> wait = new CompletableFuture<>();

	private final ImageGenerationService generations = generations();

	private ImageGenerationService generations() {
		GenerationProperties settings = new GenerationProperties(Duration.ofMinutes(1), 10, 10, Duration.ofSeconds(1),
				false);
		InstantSource clock = InstantSource.system();
		ImageService pictures = BDDMockito.mock();
		return new ImageGenerationService(new SubmitQueue(this.akashGen, new TextBudget(1_000_000), settings),
				this.polling, pictures, this.jobs, new EarlierJobs(this.jobs), new Wishes(this.jobs, clock),
				new LatePictures(this.polling, pictures, settings, clock),
				new JobLog(settings, new LogRedactor(settings)), settings, BDDMockito.mock(), clock);
	}

	@BeforeEach
	void script() {
		BDDMockito.given(this.jobs.keep(any())).willReturn(CompletableFuture.completedFuture(null));
		BDDMockito.given(this.jobs.mayBeAdopted(any())).willReturn(true);
		BDDMockito.given(this.jobs.mayBeReplayed(any())).willReturn(true);
		BDDMockito.given(this.polling.await(any(), ArgumentMatchers.<Consumer<@Nullable JobStatus>>any()))
			.willReturn(this.wait)
			.willReturn(new CompletableFuture<>());
		BDDMockito.given(this.polling.followFor()).willReturn(Duration.ofMinutes(1));
		BDDMockito.given(this.polling.end(any())).willReturn(new CompletableFuture<>());
	}

	@Test
	void whoIsToldThatItTakesTooLongTakesUpTheJobWhenHeAsksAgain() {
		BDDMockito.given(this.akashGen.submit(any())).willReturn(FIRST, SECOND);
		GenerationHandle first = this.generations.begin(FOX, caller(null));
		CompletableFuture<GenerationHandle> again = first.end()
			.handle((_, _) -> this.generations.begin(FOX, caller(null)));
		assertThat(first.job()).isEqualTo(FIRST);
		this.wait.completeExceptionally(new PollingException.JobTimeout(FIRST.id(), "too long", null));
		assertThat(again).succeedsWithin(Duration.ofSeconds(10)).satisfies((second) -> {
			assertThat(second.job()).isEqualTo(FIRST);
			assertThat(second.end()).isNotDone();
		});
	}

	@Test
	void whoIsToldThatNoneWasQueuedHasOneQueuedByTheSameKeyAndNoMore() {
		BDDMockito.given(this.akashGen.submit(any()))
			.willThrow(new CapacityExceededException.TooManySubmits())
			.willReturn(FIRST, SECOND);
		CompletableFuture<Job> again = this.generations.begin(FOX, caller("key"))
			.queued()
			.handle((_, _) -> this.generations.begin(FOX, caller("key")))
			.thenCompose(GenerationHandle::queued);
		assertThat(again).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(FIRST);
		assertThat(this.generations.begin(FOX, caller("key")).job()).isEqualTo(FIRST);
	}

	@Test
	void jobThatIsFoundLateDoesNotTakeTheKeyOfAnother() {
		BDDMockito.given(this.akashGen.submit(any())).willReturn(SECOND);
		this.generations.afterSingletonsInstantiated();
		ArgumentCaptor<Consumer<JobRecord>> recall = ArgumentCaptor.captor();
		Mockito.verify(this.jobs).recall(recall.capture());
		assertThat(this.generations.begin(FOX, caller("key")).job()).isEqualTo(SECOND);
		recall.getValue().accept(JobRecord.of(FIRST, Instant.EPOCH, "k asks for a fox", "key").closed());
		assertThat(this.generations.begin(FOX, caller("key")).job()).isEqualTo(SECOND);
	}

	private static RequestIdentity caller(@Nullable String idempotencyKey) {
		return new RequestIdentity("k", "-", "k asks for a fox", idempotencyKey, () -> false, null);
	}

}
