/**
 * The web server itself: which connections it accepts, and which it closes because they
 * hold more, or are slower, than it can bear; and whether a client is still there. It
 * must not know what is asked for.
 */
@NullMarked
package io.github.akashgen2api.web.server;

import org.jspecify.annotations.NullMarked;
