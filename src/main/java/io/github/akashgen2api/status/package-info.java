/**
 * What the service says about itself without a key: that it is alive, and what its API
 * is. It must not know AkashGen.
 */
@NullMarked
package io.github.akashgen2api.status;

import org.jspecify.annotations.NullMarked;
