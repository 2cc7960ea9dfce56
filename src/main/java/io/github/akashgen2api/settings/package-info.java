/**
 * What the operator sets: where it is read from, where the service listens, and what is
 * said of a wrong setting. It must not know what the settings of the other packages mean.
 */
@NullMarked
package io.github.akashgen2api.settings;

import org.jspecify.annotations.NullMarked;
