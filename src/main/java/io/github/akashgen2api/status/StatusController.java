package io.github.akashgen2api.status;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Liveness, without a key.
 */
@RestController
class StatusController {

	@GetMapping("/")
	ResponseEntity<String> status() {
		return text("API service is running");
	}

	@GetMapping("/ping")
	ResponseEntity<String> ping() {
		return text("pong");
	}

	private static ResponseEntity<String> text(String text) {
		return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body(text);
	}

}
