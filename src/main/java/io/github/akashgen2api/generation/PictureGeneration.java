package io.github.akashgen2api.generation;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Message;
import io.github.akashgen2api.images.ImageService;
import io.github.akashgen2api.images.PictureUnavailableException;
import io.github.akashgen2api.images.StoredImage;
import io.github.akashgen2api.jobs.JobRecord;
import io.github.akashgen2api.jobs.KeptJobs;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.polling.PollingService;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Service;

/**
 * Words in, picture out: has a picture queued, waits for it and keeps it.
 */
@Service
public class PictureGeneration implements SmartInitializingSingleton, AutoCloseable {

	private final AkashGenClient akashGen;

	private final PollingService polling;

	private final ImageService images;

	private final KeptJobs jobs;

	private final Wishes wishes;

	private final LatePictures late;

	private final JobLog log;

	private final GenerationSettings settings;

	/** For those who have a picture queued. Nobody waits for one. */
	private final Bulkhead submits;

	private final Bulkhead waits;

	private final InstantSource clock;

	/** What ends then has not come to its end. */
	private final AtomicBoolean isStopping = new AtomicBoolean();

	private final Executor threads = Executors
		.newThreadPerTaskExecutor(Thread.ofVirtual().name("generation-", 0).factory());

	PictureGeneration(AkashGenClient akashGen, PollingService polling, ImageService images, KeptJobs jobs,
			Wishes wishes, LatePictures late, JobLog log, GenerationSettings settings, InstantSource clock) {
		this.akashGen = akashGen;
		this.polling = polling;
		this.images = images;
		this.jobs = jobs;
		this.wishes = wishes;
		this.late = late;
		this.log = log;
		this.settings = settings;
		this.submits = places("submits", settings.mostSubmits());
		this.waits = places("waits", settings.mostWaiting());
		this.clock = clock;
	}

	private static Bulkhead places(String name, int most) {
		return Bulkhead.of(name,
				BulkheadConfig.custom().maxConcurrentCalls(most).maxWaitDuration(Duration.ZERO).build());
	}

	/**
	 * Have a picture queued, waited for and kept; or take up the one that the caller
	 * asked for before. Returns at once.
	 * @param conversation what it shall show
	 * @return the picture in the making; it has failed with a {@link NoRoomException}
	 * where there is no room for one more
	 * @throws IdempotencyKeyReusedException if his key came with another request before
	 */
	public Generation begin(List<Message> conversation, Caller caller) {
		if (!this.waits.tryAcquirePermission()) {
			return Generation.failed(new NoRoomException.TooManyWaits());
		}
		try {
			Generation generation = this.wishes.grant(caller, (wish) -> begin(wish, conversation))
				.within(this.settings.answerWithin());
			var _ = generation.end().whenComplete((_, _) -> this.waits.onComplete());
			return generation;
		}
		catch (RuntimeException ex) {
			this.waits.releasePermission();
			throw ex;
		}
	}

	/**
	 * Go on where an earlier process was ended, before the first caller is let in: he may
	 * ask again for what he asked for then.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		this.jobs.recall(this::goOn);
	}

	private void goOn(JobRecord kept) {
		Wish wish = this.wishes.recall(kept);
		if (kept.isOpen()) {
			wish.begun(begin(wish, List.of()));
		}
	}

	private Generation begin(Wish wish, List<Message> conversation) {
		Job before = wish.job();
		CompletableFuture<Job> job = (before != null) ? CompletableFuture.completedFuture(before)
				: submit(wish, conversation).whenComplete((_, failure) -> {
					if (failure != null) {
						settle(wish, cause(failure));
					}
				});
		CompletableFuture<StoredImage> picture = job.thenCompose((queued) -> noted(wish, queued.id(),
				(before != null) ? kept(wish, queued.id()) : picture(wish, queued.id())));
		return new Generation(job, picture, () -> this.wishes.take(wish), wish::leave);
	}

	private CompletableFuture<Job> submit(Wish wish, List<Message> conversation) {
		if (!this.submits.tryAcquirePermission()) {
			return CompletableFuture.failedFuture(new NoRoomException.TooManySubmits());
		}
		return CompletableFuture.supplyAsync(() -> this.akashGen.submit(conversation), this.threads)
			.whenComplete((_, _) -> this.submits.onComplete())
			.thenCompose((job) -> this.wishes.queued(wish, job).thenApply((_) -> job));
	}

	private CompletableFuture<StoredImage> kept(Wish wish, JobId id) {
		return CompletableFuture.supplyAsync(() -> this.images.find(id), this.threads)
			.thenCompose(
					(picture) -> picture.map(CompletableFuture::completedFuture).orElseGet(() -> picture(wish, id)));
	}

	/** No thread waits for the job. */
	private CompletableFuture<StoredImage> picture(Wish wish, JobId id) {
		return this.polling.await(id, (status) -> wish.course().looked(status, this.clock.instant()))
			.thenApplyAsync((succeeded) -> this.images.fetch(id, succeeded.location()), this.threads);
	}

	/**
	 * The picture, of which nobody is told before it is noted what has become of it: who
	 * hears that it takes too long may ask again at once.
	 */
	private CompletableFuture<StoredImage> noted(Wish wish, JobId id, CompletableFuture<StoredImage> picture) {
		return picture.whenComplete((_, failure) -> {
			Throwable reason = cause(failure);
			if (reason != null && LatePictures.mayCome(reason)) {
				wish.leave();
				var _ = this.late.fetch(id, reason, (status) -> wish.course().looked(status, this.clock.instant()))
					.whenComplete((_, end) -> settle(wish, cause(end)));
			}
			else {
				settle(wish, cause(failure));
			}
		});
	}

	private void settle(Wish wish, @Nullable Throwable failure) {
		if (this.isStopping.get()) {
			return;
		}
		if (wish.course().tell()) {
			this.log.ended(wish, failure, this.clock.instant());
		}
		Job job = wish.job();
		if (job == null || failure instanceof PollingException.JobFailed
				|| failure instanceof PollingException.JobUnknown
				|| failure instanceof PollingException.PictureMissing) {
			this.wishes.giveUp(wish);
		}
		else if (failure instanceof PictureUnavailableException) {
			wish.leave();
		}
		else {
			this.jobs.change(job.id(), JobRecord::closed);
		}
	}

	private static @Nullable Throwable cause(@Nullable Throwable failure) {
		return (failure instanceof CompletionException) ? failure.getCause() : failure;
	}

	@Override
	public void close() {
		this.isStopping.set(true);
	}

}
