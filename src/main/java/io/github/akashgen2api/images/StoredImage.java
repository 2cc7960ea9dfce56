package io.github.akashgen2api.images;

import java.nio.file.Path;
import java.util.HexFormat;

import io.github.akashgen2api.akash.ImageFormat;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

/**
 * An image in a file. The file may be removed at any time, when the store needs room.
 *
 * @param format of the file
 * @param file where it is
 * @param length in bytes
 */
public record StoredImage(ImageFormat format, Path file, long length) {

	/**
	 * The file, for reading.
	 */
	public Resource resource() {
		return new FileSystemResource(this.file);
	}

	/**
	 * The entity tag of the image, with quotes (RFC 9110 section 8.8.3). The image of a
	 * job never changes, nor do its conversions. So the tag tells apart what one address
	 * may yield: an image, and another if AkashGen delivers it again in another format.
	 */
	String entityTag() {
		HexFormat hex = HexFormat.of();
		long name = this.file.getFileName().toString().hashCode();
		return '"' + hex.toHexDigits(name) + hex.toHexDigits(this.length) + '"';
	}

}
