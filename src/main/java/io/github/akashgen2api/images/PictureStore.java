package io.github.akashgen2api.images;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Picture;
import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.stereotype.Service;

/**
 * Fetches the pictures of finished jobs, once however many ask, and keeps them, as
 * AkashGen's own links may not last: on disk, and the most recent ones in memory.
 */
@Service
public class PictureStore {

	private final AkashGenClient akashGen;

	private final RetryTemplate downloads;

	/** Bounds the memory that a burst of finished jobs takes. */
	private final Semaphore places;

	/** Bounds the memory that a burst of looks at one picture takes. */
	private final Semaphore readers = new Semaphore(16);

	private final RecentPictures<JobId> recent;

	private final PictureArchive archive;

	/** The pictures that are on their way. */
	private final AsyncCache<JobId, Picture> arriving = Caffeine.newBuilder()
		.executor(Executors.newVirtualThreadPerTaskExecutor())
		.expireAfterWrite(Duration.ZERO)
		.buildAsync();

	PictureStore(AkashGenClient akashGen, PictureArchive archive, ImagesSettings settings) {
		this.akashGen = akashGen;
		this.archive = archive;
		this.places = new Semaphore(settings.downloadsAtOnce(), true);
		this.recent = new RecentPictures<>(settings.cacheSize().bytes());
		this.downloads = new RetryTemplate(RetryPolicy.builder()
			.maxRetries(settings.downloadRetries())
			.delay(settings.downloadDelay())
			.includes(AkashGenException.class)
			.excludes(AkashGenException.NoPicture.class)
			.build());
	}

	/**
	 * The picture of a job, where it is kept.
	 */
	public Optional<Picture> picture(JobId id) {
		return Optional.ofNullable(recent(id)).or(() -> archived(id));
	}

	private @Nullable Picture recent(JobId id) {
		Picture picture = this.recent.get(id);
		if (picture != null) {
			this.archive.looked(id);
		}
		return picture;
	}

	private Optional<Picture> archived(JobId id) {
		this.readers.acquireUninterruptibly();
		try {
			// Another look may have brought it since.
			Picture recent = this.recent.get(id);
			if (recent != null) {
				return Optional.of(recent);
			}
			Optional<Picture> archived = Optional.ofNullable(this.archive.picture(id));
			archived.ifPresent((picture) -> this.recent.put(id, picture));
			return archived;
		}
		finally {
			this.readers.release();
		}
	}

	/**
	 * Whether the picture of a job outlasts this process: completes with {@code true}
	 * when it is whole on disk, and with {@code false} where it is not going to be, as
	 * the disk is off or in trouble, or nothing was kept. Dependents that take their time
	 * have to be asynchronous, as pictures are not written meanwhile.
	 * @param id a job whose picture was kept with {@link #keep}
	 */
	public CompletableFuture<Boolean> stored(JobId id) {
		return this.archive.stored(id);
	}

	/**
	 * The picture of a finished job: fetched unless it is kept, and kept from then on.
	 * @param location where AkashGen says that it is
	 * @throws PictureUnavailableException if it cannot be had
	 */
	public Picture keep(JobId id, Picture.Location location) {
		Picture recent = recent(id);
		return (recent != null) ? recent : this.arriving.synchronous().get(id, (_) -> download(id, location));
	}

	/**
	 * The same, for those who cannot wait: the picture is kept when it comes.
	 * @param atMost the longest wait
	 * @return the picture; empty if it was not there in time
	 * @throws PictureUnavailableException if it cannot be had
	 */
	public Optional<Picture> keep(JobId id, Picture.Location location, Duration atMost) {
		CompletableFuture<Picture> picture = this.arriving.get(id, (_) -> download(id, location));
		try {
			return Optional.of(picture.copy().orTimeout(atMost.toNanos(), TimeUnit.NANOSECONDS).join());
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof TimeoutException) {
				return Optional.empty();
			}
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	private Picture download(JobId id, Picture.Location location) {
		try {
			// Another download may have ended since we looked, or a process before this
			// one.
			return picture(id).orElseGet(() -> this.downloads.invoke(() -> fetch(id, location)));
		}
		catch (AkashGenException ex) {
			throw new PictureUnavailableException(id, ex);
		}
	}

	private Picture fetch(JobId id, Picture.Location location) {
		this.places.acquireUninterruptibly();
		try {
			Picture picture = this.akashGen.fetch(location);
			this.recent.put(id, picture);
			this.archive.keep(id, picture);
			return picture;
		}
		finally {
			this.places.release();
		}
	}

}
