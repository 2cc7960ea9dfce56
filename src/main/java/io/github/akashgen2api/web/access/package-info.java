/**
 * Who may call. It must not know what the calls do.
 */
@NullMarked
package io.github.akashgen2api.web.access;

import org.jspecify.annotations.NullMarked;
