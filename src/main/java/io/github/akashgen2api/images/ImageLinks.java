package io.github.akashgen2api.images;

import io.github.akashgen2api.akash.BaseUrl;
import io.github.akashgen2api.akash.ImageFormat;
import io.github.akashgen2api.akash.JobId;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Links to images, as the client can open them.
 */
@Component
public class ImageLinks {

	private final @Nullable BaseUrl publicBaseUrl;

	ImageLinks(ImagesProperties settings) {
		this.publicBaseUrl = settings.publicBaseUrl();
	}

	/**
	 * The absolute address of a job's image.
	 * @param request whose client will open it. Forwarding headers count if the peer is
	 * on this machine or in a private network
	 */
	public String linkTo(JobId id, HttpServletRequest request) {
		return base(request) + "/images?id=" + id.value();
	}

	/**
	 * The absolute address of a job's image in a format.
	 * @param request whose client will open it, as above
	 */
	public String linkTo(JobId id, ImageFormat format, HttpServletRequest request) {
		return linkTo(id, request) + "&format=" + format.subtype();
	}

	private String base(HttpServletRequest request) {
		return (this.publicBaseUrl != null) ? this.publicBaseUrl.toString()
				: PublicOrigin.of(request) + request.getContextPath();
	}

}
