/**
 * Where settings are read from, how invalid ones are reported, and the few that concern
 * the whole service. It must not know what the settings of the other packages mean.
 */
@NullMarked
package io.github.akashgen2api.settings;

import org.jspecify.annotations.NullMarked;
