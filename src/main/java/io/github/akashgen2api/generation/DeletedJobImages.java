package io.github.akashgen2api.generation;

import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.images.DeletedImages;
import io.github.akashgen2api.jobs.JobRegistry;

import org.springframework.stereotype.Component;

/**
 * The images of deleted jobs.
 */
@Component
class DeletedJobImages implements DeletedImages {

	private final JobRegistry registry;

	DeletedJobImages(JobRegistry registry) {
		this.registry = registry;
	}

	@Override
	public boolean contains(JobId id) {
		return this.registry.isImageDeleted(id);
	}

}
