package io.github.akashgen2api.generation;

import java.util.List;

import io.github.akashgen2api.akash.AkashGenClient;
import io.github.akashgen2api.akash.AkashGenException;
import io.github.akashgen2api.akash.Excerpt;
import io.github.akashgen2api.akash.Job;
import io.github.akashgen2api.akash.JobId;
import io.github.akashgen2api.akash.Message;
import io.github.akashgen2api.akash.Picture;
import io.github.akashgen2api.images.PictureStore;
import io.github.akashgen2api.images.PictureUnavailableException;
import io.github.akashgen2api.polling.PollingException;
import io.github.akashgen2api.polling.PollingService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Service;

/**
 * Words in, picture out: has a picture queued, waits for it and keeps it.
 */
@Service
public class PictureGeneration {

	private static final Logger logger = LoggerFactory.getLogger(PictureGeneration.class);

	private final AkashGenClient akashGen;

	private final PollingService polling;

	private final PictureStore pictures;

	PictureGeneration(AkashGenClient akashGen, PollingService polling, PictureStore pictures) {
		this.akashGen = akashGen;
		this.polling = polling;
		this.pictures = pictures;
	}

	/**
	 * Have a picture queued.
	 * @throws AkashGenException if none was, or it is not known whether one was
	 */
	public Job submit(List<Message> conversation) {
		return this.akashGen.submit(conversation);
	}

	/**
	 * Wait for a job's picture, which is kept from then on.
	 * @throws PollingException if the job brought none, saying whether it may still come
	 * @throws PictureUnavailableException if the job is done, but its picture cannot be
	 * had
	 */
	public Picture await(JobId id) {
		return this.pictures.keep(id, this.polling.await(id).location());
	}

	/**
	 * Keep a job's picture when it is done, though nobody waits.
	 */
	public void follow(JobId id) {
		Thread.ofVirtual().name("follow-" + id).start(() -> {
			try {
				await(id);
			}
			catch (PollingException ex) {
				logger.atWarn()
					.addKeyValue("jobId", id)
					.log("Job {} brought no picture: {} (AkashGen's last answer: {})", id,
							Excerpt.printable(String.valueOf(ex.getMessage())), ex.answer());
			}
			catch (PictureUnavailableException ex) {
				logger.atWarn()
					.addKeyValue("jobId", id)
					.log("Job {} is done, but its picture cannot be had: {} (AkashGen's last answer: {})", id,
							Excerpt.printable(String.valueOf(ex.getMessage())), ex.reason().answer());
			}
		});
	}

}
