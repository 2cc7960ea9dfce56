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

	@GetMapping("/ping")
	ResponseEntity<String> ping() {
		return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body("pong");
	}

}
