package io.github.akashgen2api.images;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Picture;

import org.springframework.stereotype.Service;

/**
 * Makes pictures of one format into those of another, a few at a time.
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

	/**
	 * The picture as it is wanted; the very same one where it is so already.
	 * @param id the job whose picture it is
	 * @throws PictureUnconvertibleException if it is broken, or far too large
	 */
	public Picture convert(JobId id, Picture picture, WantedFormat wanted) {
		if (wanted.isMetBy(picture)) {
			return picture;
		}
		try {
			return CompletableFuture.supplyAsync(() -> converted(id, picture, wanted), this.threads).join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : ex;
		}
	}

	private static Picture converted(JobId id, Picture picture, WantedFormat wanted) {
		Bitmap bitmap;
		try {
			bitmap = Bitmap.of(picture);
		}
		catch (IOException ex) {
			throw new PictureUnconvertibleException(id, "AkashGen's picture cannot be converted: " + ex.getMessage(),
					ex);
		}
		return switch (wanted.of(picture.format())) {
			case JPEG -> bitmap.toJpeg((wanted.quality() != null) ? wanted.quality() : GOOD_QUALITY);
			case PNG, WEBP -> bitmap.toPng();
		};
	}

}
