/**
 * Waiting for AkashGen's jobs, so that many waiters cost few requests. It must not know
 * what becomes of a finished job, nor how AkashGen is spoken to.
 */
@NullMarked
package io.github.akashgen2api.polling;

import org.jspecify.annotations.NullMarked;
