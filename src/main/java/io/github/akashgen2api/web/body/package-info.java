/**
 * Request bodies: reads JSON in little memory, whatever its headers say, limits what is
 * held, and drains what nobody reads. It must not know what is in them.
 */
@NullMarked
package io.github.akashgen2api.web.body;

import org.jspecify.annotations.NullMarked;
