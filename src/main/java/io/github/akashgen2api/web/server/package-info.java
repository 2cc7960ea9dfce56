/**
 * The web server: limits on connections, slow clients, and detection of disconnected
 * clients. It must not know what the requests do.
 */
@NullMarked
package io.github.akashgen2api.web.server;

import org.jspecify.annotations.NullMarked;
