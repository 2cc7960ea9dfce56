package io.github.akashgen2api.images;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Picture;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Keeps pictures on disk, behind the backs of those who wait for them; those used least
 * recently have to go. While the disk fails, pictures are not kept, and nobody notices
 * but the operator.
 */
@Component
class PictureArchive implements AutoCloseable {

	/** Some thirty pictures; the heap has 128 MB. */
	private static final int MAX_WAITING_BYTES = 4 * 1024 * 1024;

	/** So that knowing all files takes a sixteenth of the heap at most. */
	private static final long HEAP_PER_FILE = 2048;

	/** Pictures that wait meanwhile are written in between. */
	private static final int FOLDERS_AT_ONCE = 16;

	private final long maxBytes;

	private final PictureFiles files;

	private final FileUses uses;

	private final DiskTrouble trouble;

	private final WriteBehind writer = new WriteBehind(MAX_WAITING_BYTES);

	PictureArchive(ImagesSettings settings) {
		this.maxBytes = settings.storeSize().bytes();
		this.files = new PictureFiles(settings.storeDir().path());
		this.uses = new FileUses(this.maxBytes, Runtime.getRuntime().maxMemory() / HEAP_PER_FILE);
		this.trouble = new DiskTrouble(settings.storeDir().path(), settings.storeRetry());
		if (isOn()) {
			begin();
		}
	}

	private boolean isOn() {
		return this.maxBytes > 0;
	}

	private void begin() {
		try {
			this.files.prepare();
			this.writer.add(() -> find(0));
		}
		catch (IOException ex) {
			this.trouble.met(ex);
		}
	}

	/**
	 * The picture of a job, where it is kept, or about to be. May wait for the disk.
	 */
	@Nullable Picture picture(JobId id) {
		Picture waiting = this.writer.picture(id);
		return (waiting != null || !isOn()) ? waiting : read(PictureName.of(id));
	}

	private @Nullable Picture read(PictureName name) {
		try {
			Picture picture = this.files.read(name);
			if (picture == null) {
				checkIfKnown(name);
			}
			else if (this.uses.read(name, PictureFiles.length(picture))) {
				this.writer.add(() -> this.files.touch(name));
			}
			return picture;
		}
		catch (BrokenPictureException ex) {
			this.writer.add(() -> check(name));
		}
		catch (IOException ex) {
			this.trouble.metReading(ex);
		}
		return null;
	}

	/**
	 * Keep a picture, some time soon. Waits only while too many are to be kept.
	 */
	void keep(JobId id, Picture picture) {
		if (PictureFiles.length(picture) <= this.maxBytes && !this.trouble.isPausing()) {
			this.writer.add(id, picture, (added) -> write(PictureName.of(id), added));
		}
	}

	/**
	 * Take note that a picture was looked at elsewhere, so that it stays here too.
	 */
	void looked(JobId id) {
		if (isOn()) {
			PictureName name = PictureName.of(id);
			if (this.uses.looked(name)) {
				this.writer.add(() -> this.files.touch(name));
			}
		}
	}

	/**
	 * Whether a picture that was to be kept is whole on disk, completed when that is
	 * decided, on the thread that writes.
	 */
	CompletableFuture<Boolean> stored(JobId id) {
		CompletableFuture<Boolean> isWritten = this.writer.isWritten(id);
		if (isWritten != null) {
			return isWritten;
		}
		PictureName name = PictureName.of(id);
		return CompletableFuture.completedFuture(isOn() && (this.uses.isWhole(name) || read(name) != null));
	}

	private boolean write(PictureName name, Picture picture) {
		if (this.trouble.isPausing() || !makeRoom(PictureFiles.length(picture))) {
			return false;
		}
		try {
			this.files.write(name, picture);
		}
		catch (IOException ex) {
			this.trouble.met(ex);
			return false;
		}
		this.uses.written(name, PictureFiles.length(picture));
		if (this.trouble.ended()) {
			// What was kept before may not have been found yet.
			this.writer.add(() -> find(0));
		}
		return true;
	}

	private boolean makeRoom(long bytes) {
		for (PictureName oldest = this.uses.takeOldest(bytes); oldest != null; oldest = this.uses.takeOldest(bytes)) {
			if (!delete(oldest)) {
				return false;
			}
		}
		return true;
	}

	/** Find what was kept before, some at a time. */
	private void find(int first) {
		int end = first + FOLDERS_AT_ONCE;
		for (int folder = first; folder < end; folder++) {
			try {
				this.files.list(folder).forEach(this.uses::found);
			}
			catch (IOException ex) {
				this.trouble.metReading(ex);
			}
		}
		if (end < PictureFiles.FOLDERS) {
			this.writer.add(() -> find(end));
		}
		else {
			this.uses.arrange();
			// It may be more than is allowed now.
			var _ = makeRoom(0);
		}
	}

	private void checkIfKnown(PictureName name) {
		if (this.uses.contains(name)) {
			this.writer.add(() -> check(name));
		}
	}

	/** On the thread that writes: it may have just been written anew. */
	private void check(PictureName name) {
		try {
			if (this.files.read(name) == null) {
				this.uses.forget(name);
			}
		}
		catch (BrokenPictureException ex) {
			if (delete(name)) {
				this.uses.forget(name);
			}
		}
		catch (IOException ex) {
			this.trouble.metReading(ex);
		}
	}

	private boolean delete(PictureName name) {
		try {
			this.files.delete(name);
			return true;
		}
		catch (IOException ex) {
			this.trouble.met(ex);
			return false;
		}
	}

	/**
	 * Write what waits, and no more.
	 */
	@Override
	public void close() {
		this.writer.close();
	}

}
