package io.github.akashgen2api.generation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.jobs.JobRecord;
import io.github.akashgen2api.jobs.KeptJobs;

import org.springframework.stereotype.Component;

/**
 * Polls the jobs of an earlier process for the first time, one after the other: the
 * answer about one of them may have ended that process. Before its turn a job is marked
 * on disk as suspect, and no longer when AkashGen has answered, or has not.
 */
@Component
class EarlierJobs implements AutoCloseable {

	/** Then the next one has its turn, beside this one. */
	private static final Duration TURN = Duration.ofSeconds(2);

	/**
	 * Most answers come sooner. A process that ends while it waits for longer than that
	 * may well have ended because of the job; one that ends sooner may have been killed
	 * while it happened to ask, so the job has another try.
	 */
	private static final Duration USUAL = Duration.ofSeconds(1);

	private final KeptJobs jobs;

	private final ExecutorService turns = Executors
		.newSingleThreadExecutor(Thread.ofVirtual().name("earlier-jobs").factory());

	EarlierJobs(KeptJobs jobs) {
		this.jobs = jobs;
	}

	/**
	 * Poll a job when its turn comes, which is after those that came before. Returns at
	 * once.
	 * @param poll begins to poll; what it returns completes when the first poll has ended
	 */
	void inTurn(JobRecord job, Supplier<CompletableFuture<Void>> poll) {
		this.turns.execute(() -> take(job, poll));
	}

	private void take(JobRecord job, Supplier<CompletableFuture<Void>> poll) {
		JobId id = job.job().id();
		this.jobs.changeOnDisk(id, JobRecord::moreSuspect).join();
		CompletableFuture<Void> polled = poll.get();
		var _ = polled.whenComplete((_, _) -> this.jobs.change(id, JobRecord::trusted));
		try {
			if (!hasEndedWithin(polled, USUAL)) {
				this.jobs.change(id, (kept) -> polled.isDone() ? kept : kept.mostSuspect());
				hasEndedWithin(polled, TURN.minus(USUAL));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static boolean hasEndedWithin(CompletableFuture<Void> polled, Duration time) throws InterruptedException {
		try {
			polled.get(time.toNanos(), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (ExecutionException ex) {
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
	}

	@Override
	public void close() {
		this.turns.shutdownNow();
	}

}
