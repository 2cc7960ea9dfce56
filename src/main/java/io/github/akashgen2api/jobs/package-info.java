/**
 * The jobs that somebody may still want, over a restart too. It must not know how a job
 * comes to its end, nor who is told.
 */
@NullMarked
package io.github.akashgen2api.jobs;

import org.jspecify.annotations.NullMarked;
