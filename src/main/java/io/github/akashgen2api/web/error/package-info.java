/**
 * Errors: how exceptions are sent to clients and logged. It knows the exceptions of all
 * packages; no package may know it.
 */
@NullMarked
package io.github.akashgen2api.web.error;

import org.jspecify.annotations.NullMarked;
