/**
 * Request bodies: reads JSON in little memory, limits bodies, and drains unread ones. It
 * must not know what they contain.
 */
@NullMarked
package io.github.akashgen2api.web.body;

import org.jspecify.annotations.NullMarked;
