package io.github.akashgen2api.images;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Picture;

import org.springframework.stereotype.Service;

/**
 * Makes pictures of one format into those of another, a few at a time, and keeps the most
 * recent ones.
 */
@Service
public class PictureConversion {

	/** A picture takes some 10 MB while it is converted, and a container has 256. */
	private static final int AT_ONCE = 2;

	/** Of a JPEG, out of 100. */
	private static final int GOOD_QUALITY = 90;

	/**
	 * Threads of the system's own: it shares the processors between them and the virtual
	 * ones, which a conversion would hold up until its end.
	 */
	private final Executor threads = Executors.newFixedThreadPool(AT_ONCE,
			Thread.ofPlatform().daemon().name("conversion-", 0).factory());

	private final RecentPictures<Conversion> kept;

	PictureConversion(ImagesSettings settings) {
		this.kept = new RecentPictures<>(settings.cacheSize().bytes());
	}

	/**
	 * The picture as it is wanted; the very same one where it is so already.
	 * @param id the job whose picture it is
	 * @throws PictureUnconvertibleException if it is broken, or far too large
	 */
	public Picture convert(JobId id, Picture picture, WantedFormat wanted) {
		if (wanted.isMetBy(picture)) {
			return picture;
		}
		Conversion conversion = new Conversion(id, wanted);
		Picture kept = this.kept.get(conversion);
		if (kept != null) {
			return kept;
		}
		return inTurn(() -> kept(conversion, picture));
	}

	/**
	 * Find out whether a picture can be converted, without doing it.
	 * @param id the job whose picture it is
	 * @throws PictureUnconvertibleException if it is broken, or far too large
	 */
	public void check(JobId id, Picture picture, WantedFormat wanted) {
		if (!wanted.isMetBy(picture)) {
			var _ = inTurn(() -> bitmap(id, picture));
		}
	}

	private <T> T inTurn(Supplier<T> work) {
		try {
			return CompletableFuture.supplyAsync(work, this.threads).join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	/** Another caller's conversion may have ended since we looked. */
	private Picture kept(Conversion conversion, Picture picture) {
		Picture kept = this.kept.get(conversion);
		if (kept == null) {
			kept = converted(conversion.id(), picture, conversion.wanted());
			this.kept.put(conversion, kept);
		}
		return kept;
	}

	private static Picture converted(JobId id, Picture picture, WantedFormat wanted) {
		Bitmap bitmap = bitmap(id, picture);
		return switch (wanted.of(picture.format())) {
			case JPEG -> bitmap.toJpeg((wanted.quality() != null) ? wanted.quality() : GOOD_QUALITY);
			case PNG, WEBP -> bitmap.toPng();
		};
	}

	private static Bitmap bitmap(JobId id, Picture picture) {
		try {
			return Bitmap.of(picture);
		}
		catch (IOException ex) {
			throw new PictureUnconvertibleException(id, "AkashGen's picture cannot be converted: " + ex.getMessage(),
					ex);
		}
	}

	/**
	 * A picture in another format.
	 *
	 * @param id the job whose picture it is
	 * @param wanted what it is made into
	 */
	private record Conversion(JobId id, WantedFormat wanted) {
	}

}
