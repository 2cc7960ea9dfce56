package io.github.akashgen2api.images;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Visits the images of a directory. Files of an operator are skipped, as is what is
 * removed meanwhile.
 */
final class ImageFileVisitor extends SimpleFileVisitor<Path> {

	private final Path root;

	private final Consumer<SweepCandidate> files;

	private final Consumer<IOException> failures;

	/**
	 * Create a visitor.
	 * @param root the directory of the store
	 * @param files given each image, conversions included
	 * @param failures told of folders that cannot be read
	 */
	ImageFileVisitor(Path root, Consumer<SweepCandidate> files, Consumer<IOException> failures) {
		this.root = root;
		this.files = files;
		this.failures = failures;
	}

	@Override
	public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
		boolean isOurs = directory.equals(this.root) || ImageFileName.isFolder(directory.getFileName().toString());
		return isOurs ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
	}

	@Override
	public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
		SweepCandidate file = new SweepCandidate(path, attributes.size(), attributes.lastModifiedTime());
		if (attributes.isRegularFile() && !this.root.equals(path.getParent()) && ImageFileName.isFile(file.name())) {
			this.files.accept(file);
		}
		return FileVisitResult.CONTINUE;
	}

	@Override
	public FileVisitResult visitFileFailed(Path path, IOException failure) {
		return postVisitDirectory(path, failure);
	}

	@Override
	public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) {
		if (failure != null && !(failure instanceof NoSuchFileException)) {
			this.failures.accept(failure);
		}
		return FileVisitResult.CONTINUE;
	}

}
