/**
 * A job's whole life and its record, which outlives the process. It must not know how a
 * job comes to its end, nor how clients are told.
 */
@NullMarked
package io.github.akashgen2api.jobs;

import org.jspecify.annotations.NullMarked;
