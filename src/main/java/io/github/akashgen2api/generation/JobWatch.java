package io.github.akashgen2api.generation;

import java.time.Duration;
import java.util.concurrent.CancellationException;
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
 * Follows a job without waiting for its image: the job is polled while it is watched. It
 * is no client that the image is delivered to, so the request that started the job may
 * still be repeated.
 */
public final class JobWatch implements JobWaiter, AutoCloseable {

	/** One permit if something has happened since the last look. */
	private final Semaphore changes = new Semaphore(0);

	private final ImageGenerationService service;

	private final ImageJob job;

	private final AtomicReference<ShutdownDrain.@Nullable Wait> wait = new AtomicReference<>();

	private volatile boolean isStopping;

	JobWatch(ImageGenerationService service, ImageJob job) {
		this.service = service;
		this.job = job;
	}

	void begin(ShutdownDrain.Wait wait) {
		this.wait.set(wait);
		this.job.watch(this);
	}

	/**
	 * Wait until something may have changed.
	 * @param atMost the longest wait
	 * @throws ServiceStoppingException if the service stops
	 * @throws CancellationException if the thread was interrupted
	 */
	public void awaitChange(Duration atMost) {
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
	}

	private void changed() {
		if (this.changes.availablePermits() == 0) {
			this.changes.release();
		}
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
		this.service.end(this.job, this);
	}

}
