/**
 * Tests of painting, with scripted ends in place of jobs.
 */
package io.github.akashgen2api.generation;
