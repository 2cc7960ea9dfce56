package io.github.akashgen2api.images;

import java.time.Duration;

import io.github.akashgen2api.akash.BaseUrl;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How images are stored and linked to.
 *
 * @param publicBaseUrl the beginning of links to images, up to and including the prefix;
 * {@code null}: taken from each request
 * @param storeDir the directory of stored images
 * @param storeSize the size of all stored images at most; 0: they are stored in the
 * temporary directory, until this process ends
 * @param storeRetry how long the directory is not used after it has failed
 * @param sweepInterval how often images beyond {@code storeSize} are looked for, as other
 * processes may write to the directory, and other files fill the volume
 * @param downloadsAtOnce how many images are downloaded at the same time at most
 * @param downloadRetries how often a failed download is repeated; 0: never
 * @param downloadDelay the pause before a download is repeated
 * @param fetchWithin the timeout of a request without {@code wait} for an image that is
 * being downloaded
 * @param waitsAtOnce how many requests wait at the same time at most for images that are
 * not stored
 */
@Validated
@ConfigurationProperties("images")
record ImagesProperties(@Nullable BaseUrl publicBaseUrl, StorePath storeDir, StoreSize storeSize,
		@DefaultValue("10s") @DurationMin Duration storeRetry,
		@DefaultValue("1m") @DurationMin(millis = 1) Duration sweepInterval,
		@DefaultValue("16") @Min(1) int downloadsAtOnce, @DefaultValue("3") @Min(0) int downloadRetries,
		@DefaultValue("500ms") @DurationMin(millis = 1) Duration downloadDelay,
		@DefaultValue("1m") @DurationMin(millis = 1) Duration fetchWithin,
		@DefaultValue("1000") @Min(1) int waitsAtOnce) {

}
