/**
 * Tests of what callers share.
 */
package io.github.akashgen2api.budget;
