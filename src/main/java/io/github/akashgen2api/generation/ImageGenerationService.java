package io.github.akashgen2api.generation;

import java.time.InstantSource;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.JobStatus;
import io.github.akashgen2api.budget.FairBudget;
import io.github.akashgen2api.budget.TooMuchTextException;
import io.github.akashgen2api.images.ImageService;
import io.github.akashgen2api.images.ImageUnavailableException;
import io.github.akashgen2api.images.StoredImage;
import io.github.akashgen2api.jobs.JobRecord;
import io.github.akashgen2api.jobs.KeptJobs;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.polling.PollingService;
import io.github.akashgen2api.shutdown.ShutdownDrain;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Service;

/**
 * Words in, picture out: has a picture queued, waits for it and keeps it.
 */
@Service
public class ImageGenerationService implements SmartInitializingSingleton, AutoCloseable {

	private final PollingService polling;

	private final ImageService images;

	private final KeptJobs jobs;

	private final Wishes wishes;

	private final LatePictures late;

	private final JobLog log;

	private final GenerationProperties settings;

	private final SubmitQueue submits;

	private final EarlierJobs earlier;

	private final FairBudget waits;

	private final ShutdownDrain drain;

	private final InstantSource clock;

	/** What ends then has not come to its end. */
	private final AtomicBoolean isStopping = new AtomicBoolean();

	private final Executor threads = Executors
		.newThreadPerTaskExecutor(Thread.ofVirtual().name("generation-", 0).factory());

	ImageGenerationService(SubmitQueue submits, PollingService polling, ImageService images, KeptJobs jobs,
			EarlierJobs earlier, Wishes wishes, LatePictures late, JobLog log, GenerationProperties settings,
			ShutdownDrain drain, InstantSource clock) {
		this.submits = submits;
		this.polling = polling;
		this.images = images;
		this.jobs = jobs;
		this.wishes = wishes;
		this.late = late;
		this.log = log;
		this.settings = settings;
		this.earlier = earlier;
		this.waits = new FairBudget(settings.mostWaiting());
		this.drain = drain;
		this.clock = clock;
	}

	/**
	 * Have a picture queued, waited for and kept; or take up the one that the caller
	 * asked for before. Returns at once.
	 * @param conversation what it shall show; it is forgotten once AkashGen has taken it
	 * @return the picture in the making; it has failed with a
	 * {@link CapacityExceededException} or a {@link TooMuchTextException} where there is
	 * no room for one more
	 * @throws IdempotencyKeyReusedException if his key came with another request before
	 */
	public GenerationHandle begin(Conversation conversation, RequestIdentity caller) {
		if (!this.waits.tryAcquire(caller.key(), 1)) {
			return GenerationHandle.failed(new CapacityExceededException.TooManyWaits());
		}
		try {
			GenerationHandle generation = this.wishes.grant(caller, (wish) -> begin(wish, conversation))
				.within(this.settings.answerWithin());
			ShutdownDrain.Wait wait = this.drain.watch(generation::stop);
			var _ = generation.end().whenComplete((_, _) -> {
				wait.close();
				this.waits.release(caller.key(), 1);
			});
			return generation;
		}
		catch (RuntimeException ex) {
			this.waits.release(caller.key(), 1);
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
		if (kept.wasGivenUp()) {
			this.polling.giveUp(kept.job().id());
		}
		if (!kept.isOpen()) {
			return;
		}
		if (kept.wasGivenUp()) {
			settle(wish, new PollingException.JobGivenUp(kept.job().id()));
			return;
		}
		CompletableFuture<StoredImage> picture = new CompletableFuture<>();
		wish.begun(follow(wish, kept.job(), picture));
		this.earlier.inTurn(kept, () -> {
			CompletableFuture<Void> polled = new CompletableFuture<>();
			var _ = kept(wish, kept.job().id(), (id, looked) -> this.polling.resume(id, (status) -> {
				looked.accept(status);
				polled.complete(null);
			})).whenComplete((made, failure) -> {
				polled.complete(null);
				if (failure != null) {
					picture.completeExceptionally(cause(failure));
				}
				else {
					picture.complete(made);
				}
			});
			return polled;
		});
	}

	private GenerationHandle begin(Wish wish, Conversation conversation) {
		Job before = wish.job();
		if (before != null && wish.isGivenUp()) {
			return GenerationHandle.failed(new PollingException.JobGivenUp(before.id()));
		}
		return (before != null) ? follow(wish, before, kept(wish, before.id(), this.polling::await))
				: submit(wish, conversation);
	}

	private GenerationHandle follow(Wish wish, Job job, CompletableFuture<StoredImage> picture) {
		return new GenerationHandle(CompletableFuture.completedFuture(job), noted(wish, job.id(), picture),
				() -> this.wishes.take(wish), () -> {
				}, OptionalInt::empty);
	}

	private GenerationHandle submit(Wish wish, Conversation conversation) {
		SubmitQueue.Place place;
		try {
			place = this.submits.join(wish.key(), conversation, () -> this.wishes.abandon(wish));
		}
		catch (CapacityExceededException | TooMuchTextException ex) {
			settle(wish, ex);
			return GenerationHandle.failed(ex);
		}
		CompletableFuture<Job> job = place.job()
			.thenCompose((queued) -> this.wishes.queued(wish, queued).thenApply((_) -> queued))
			.whenComplete((_, failure) -> {
				if (failure != null) {
					settle(wish, cause(failure));
				}
			});
		CompletableFuture<StoredImage> picture = job
			.thenCompose((queued) -> noted(wish, queued.id(), picture(wish, queued.id(), this.polling::await)));
		return new GenerationHandle(job, picture, () -> this.wishes.take(wish), place::someoneLeft, place::position);
	}

	private CompletableFuture<StoredImage> kept(Wish wish, JobId id, Wait wait) {
		return CompletableFuture.supplyAsync(() -> this.images.find(id), this.threads)
			.thenCompose((picture) -> picture.map(CompletableFuture::completedFuture)
				.orElseGet(() -> picture(wish, id, wait)));
	}

	/** No thread waits for the job. */
	private CompletableFuture<StoredImage> picture(Wish wish, JobId id, Wait wait) {
		return wait.end(id, (status) -> wish.course().looked(status, this.clock.instant()))
			.thenApplyAsync((succeeded) -> this.images.fetch(id, succeeded.location()), this.threads);
	}

	/**
	 * The picture, of which nobody is told before it is noted what has become of it: who
	 * hears that it takes too long may ask again at once.
	 */
	private CompletableFuture<StoredImage> noted(Wish wish, JobId id, CompletableFuture<StoredImage> picture) {
		return picture.whenComplete((_, failure) -> {
			Throwable reason = cause(failure);
			if (this.isStopping.get()) {
				// The next process goes on with it.
				wish.leave();
			}
			else if (reason != null && LatePictures.mayCome(reason)) {
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
				|| failure instanceof PollingException.JobUnknown || failure instanceof PollingException.JobGivenUp
				|| failure instanceof PollingException.PictureMissing) {
			this.wishes.giveUp(wish);
		}
		else if (failure instanceof ImageUnavailableException) {
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

	/** How the end of a job is waited for. */
	private interface Wait {

		CompletableFuture<JobStatus.Succeeded> end(JobId id, Consumer<@Nullable JobStatus> looked);

	}

}
