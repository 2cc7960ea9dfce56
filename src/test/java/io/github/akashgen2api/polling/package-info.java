/**
 * Tests of waiting for jobs, with scripted answers in place of AkashGen.
 */
package io.github.akashgen2api.polling;
