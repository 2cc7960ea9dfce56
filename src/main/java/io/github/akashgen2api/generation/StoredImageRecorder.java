package io.github.akashgen2api.generation;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.images.StoredImageListener;
import io.github.akashgen2api.jobs.JobRegistry;

import org.springframework.stereotype.Component;

/**
 * Records which job an image is of, so that the job is found when a client sends the
 * image back.
 */
@Component
class StoredImageRecorder implements StoredImageListener {

	private final JobRegistry registry;

	StoredImageRecorder(JobRegistry registry) {
		this.registry = registry;
	}

	@Override
	public void stored(JobId id, String sha256) {
		this.registry.imageStored(id, sha256);
	}

}
