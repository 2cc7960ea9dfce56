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
 * How images are kept and linked to.
 *
 * @param publicBaseUrl what links to images begin with, up to and including the prefix;
 * {@code null}: taken from each request
 * @param storeDir where images are kept
 * @param storeSize the bytes of images kept there at most; 0 keeps them in the temporary
 * directory, until this process ends
 * @param storeRetry how long the disk is left alone after it has failed
 * @param downloadsAtOnce how many images are fetched at the same time at most
 * @param downloadRetries how often a failed download is repeated; 0 never
 * @param downloadDelay the pause before a download is repeated
 * @param fetchWithin the longest that a browser which does not ask to wait does, for a
 * picture that is done and on its way
 * @param waitsAtOnce how many browsers wait at the same time at most for pictures that
 * are not kept
 */
@Validated
@ConfigurationProperties("images")
record ImagesProperties(@Nullable BaseUrl publicBaseUrl, StoreDirectory storeDir, Capacity storeSize,
		@DefaultValue("10s") @DurationMin Duration storeRetry, @DefaultValue("16") @Min(1) int downloadsAtOnce,
		@DefaultValue("3") @Min(0) int downloadRetries,
		@DefaultValue("500ms") @DurationMin(millis = 1) Duration downloadDelay,
		@DefaultValue("1m") @DurationMin(millis = 1) Duration fetchWithin,
		@DefaultValue("1000") @Min(1) int waitsAtOnce) {

}
