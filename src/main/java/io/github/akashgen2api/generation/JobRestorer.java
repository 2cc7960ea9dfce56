package io.github.akashgen2api.generation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import io.github.akashgen2api.futures.Futures;
import io.github.akashgen2api.jobs.ImageJob;
import io.github.akashgen2api.jobs.JobRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Resumes the jobs of the last process one after the other, as AkashGen's answer about
 * one of them may have ended that process. Before its first poll a job is stored as
 * suspect, and as trusted when AkashGen has answered, or has not.
 */
@Component
class JobRestorer implements AutoCloseable {

	/** After that, the next job is resumed beside this one. */
	private static final Duration TURN = Duration.ofSeconds(2);

	/**
	 * Most answers come sooner. A process that ends while it waits for longer than that
	 * may well have ended because of the job. One that ends sooner may have been killed
	 * while it happened to ask, so the job has another try.
	 */
	private static final Duration USUAL = Duration.ofSeconds(1);

	private final JobRegistry registry;

	private final ExecutorService turns = Executors
		.newSingleThreadExecutor(Thread.ofVirtual().name("job-restorer").factory());

	JobRestorer(JobRegistry registry) {
		this.registry = registry;
	}

	/**
	 * Resume a job when its turn comes. Returns at once.
	 * @param run starts to poll the job, and completes its argument when AkashGen was
	 * asked
	 */
	void resumeInTurn(ImageJob job, Consumer<CompletableFuture<@Nullable Void>> run) {
		this.turns.execute(() -> resume(job, run));
	}

	private void resume(ImageJob job, Consumer<CompletableFuture<@Nullable Void>> run) {
		this.registry.suspect(job, job.suspicion() + 1);
		CompletableFuture<@Nullable Void> polled = new CompletableFuture<>();
		var _ = polled.whenComplete((_, _) -> this.registry.suspect(job, 0));
		run.accept(polled);
		if (!Futures.isDone(polled, USUAL)) {
			this.registry.suspectMost(job, () -> !polled.isDone());
			Futures.isDone(polled, TURN.minus(USUAL));
		}
	}

	@Override
	public void close() {
		this.turns.shutdown();
	}

}
