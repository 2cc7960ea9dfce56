/**
 * Waiting for a future on a thread. It must not know what is waited for.
 */
@NullMarked
package io.github.akashgen2api.futures;

import org.jspecify.annotations.NullMarked;
