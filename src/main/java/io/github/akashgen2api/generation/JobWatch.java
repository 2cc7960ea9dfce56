package io.github.akashgen2api.generation;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.jobs.ImageJob;
import io.github.akashgen2api.jobs.JobWaiter;
import io.github.akashgen2api.shutdown.ServiceStoppingException;
import io.github.akashgen2api.shutdown.ShutdownDrain;
import org.jspecify.annotations.Nullable;

/**
 * Follows a job without taking its image. The job is polled while it is watched. A
 * repeated request still joins the job, as if nobody watched it.
 */
public final class JobWatch implements JobWaiter, AutoCloseable {

	/** One permit if something has happened since the last look. */
	private final Semaphore changes = new Semaphore(0);

	private final ImageGenerationService service;

	private final ImageJob job;

	private final AtomicReference<ShutdownDrain.@Nullable Wait> wait = new AtomicReference<>();

	private final AtomicReference<@Nullable Future<?>> deadline = new AtomicReference<>();

	private volatile boolean isStopping;

	/** Whether the time to watch is over. */
	private volatile boolean isOver;

	JobWatch(ImageGenerationService service, ImageJob job) {
		this.service = service;
		this.job = job;
	}

	void begin(ShutdownDrain.Wait wait, Future<?> deadline) {
		this.wait.set(wait);
		this.deadline.set(deadline);
		this.job.watch(this);
	}

	/**
	 * Wait until something may have changed.
	 * @param atMost the longest wait
	 * @return {@code false} if the job has been watched for {@code ANSWER_WITHIN}
	 * @throws ServiceStoppingException if the service stops
	 * @throws CancellationException if the thread was interrupted
	 */
	public boolean awaitChange(Duration atMost) {
		try {
			if (this.changes.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
				this.changes.drainPermits();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CancellationException("Interrupted");
		}
		if (this.isStopping) {
			throw new ServiceStoppingException(null);
		}
		return !this.isOver;
	}

	private void changed() {
		if (this.changes.availablePermits() == 0) {
			this.changes.release();
		}
	}

	void expire() {
		this.isOver = true;
		changed();
	}

	void stop() {
		this.isStopping = true;
		changed();
	}

	@Override
	public boolean isGone() {
		return true;
	}

	@Override
	public void onSubmitted(Job job) {
		changed();
	}

	@Override
	public void onPolled(@Nullable JobStatus status, @Nullable AkashGenException error) {
		changed();
	}

	@Override
	public void onSucceeded() {
		changed();
	}

	@Override
	public void onFailed(RuntimeException reason) {
		changed();
	}

	@Override
	public void close() {
		ShutdownDrain.Wait current = this.wait.get();
		if (current != null) {
			current.close();
		}
		Future<?> timeout = this.deadline.get();
		if (timeout != null) {
			timeout.cancel(false);
		}
		this.service.end(this.job, this);
	}

}
