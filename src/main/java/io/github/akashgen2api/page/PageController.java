package io.github.akashgen2api.page;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.akashgen2api.web.Sha256;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.NoHandlerFoundException;

/**
 * Serves the page for people, without a key. Its files have an entity tag, and browsers
 * ask with it each time, so that a page never consists of files of two versions.
 */
@RestController
class PageController {

	private static final String RUNNING = "API service is running";

	private static final Pattern NAME = Pattern.compile("[a-z0-9-]+\\.(js|css|svg)");

	/** Modules and the style sheet come from here; an image that is saved is a blob. */
	private static final String POLICY = "default-src 'self'; img-src 'self' blob:; frame-ancestors 'none'; "
			+ "base-uri 'none'; form-action 'none'";

	/**
	 * Tell whether the service is alive: a browser by the page, all others in words.
	 */
	@GetMapping("/")
	ResponseEntity<?> page(HttpServletRequest request, HttpServletResponse response) throws IOException {
		response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
		if (!prefersHtml(Objects.requireNonNullElse(request.getHeader(HttpHeaders.ACCEPT), ""))) {
			return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body(RUNNING);
		}
		// Jetty has set the policy of all other answers.
		response.setHeader("Content-Security-Policy", POLICY);
		return file(new ClassPathResource("static/index.html"),
				new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8));
	}

	/**
	 * Serve a file of the page.
	 * @throws NoHandlerFoundException if there is no such file
	 */
	@GetMapping("/page/{file}")
	ResponseEntity<?> file(@PathVariable String file, HttpServletRequest request)
			throws IOException, NoHandlerFoundException {
		Matcher name = NAME.matcher(file);
		ClassPathResource resource = new ClassPathResource("static/page/" + file);
		if (!name.matches() || !resource.exists()) {
			throw new NoHandlerFoundException(request.getMethod(), request.getRequestURI(), HttpHeaders.EMPTY);
		}
		return file(resource, MediaType.parseMediaType(switch (name.group(1)) {
			case "js" -> "text/javascript;charset=utf-8";
			case "css" -> "text/css;charset=utf-8";
			default -> "image/svg+xml";
		}));
	}

	private static ResponseEntity<?> file(ClassPathResource file, MediaType type) throws IOException {
		byte[] content = file.getContentAsByteArray();
		return ResponseEntity.ok()
			.contentType(type)
			.eTag(HexFormat.of().formatHex(Sha256.newDigest().digest(content), 0, 16))
			.cacheControl(CacheControl.noCache())
			.body(content);
	}

	/** Whether HTML is named, and plain text is not named as better or as good. */
	private static boolean prefersHtml(String accept) {
		try {
			List<MediaType> accepted = MediaType.parseMediaTypes(accept);
			double html = quality(accepted, MediaType.TEXT_HTML);
			return html > 0 && html > quality(accepted, MediaType.TEXT_PLAIN);
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	private static double quality(List<MediaType> accepted, MediaType named) {
		return accepted.stream()
			.filter(named::equalsTypeAndSubtype)
			.mapToDouble(MediaType::getQualityValue)
			.max()
			.orElse(0);
	}

}
