/**
 * Access: keys, rate limits and CORS. It must not know what the requests do.
 */
@NullMarked
package io.github.akashgen2api.web.access;

import org.jspecify.annotations.NullMarked;
