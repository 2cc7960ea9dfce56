/**
 * Liveness of the service. It must not know AkashGen.
 */
@NullMarked
package io.github.akashgen2api.status;

import org.jspecify.annotations.NullMarked;
