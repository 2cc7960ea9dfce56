/**
 * Waiting clients when the service stops. It must not know what they wait for.
 */
@NullMarked
package io.github.akashgen2api.shutdown;

import org.jspecify.annotations.NullMarked;
