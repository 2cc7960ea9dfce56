/**
 * Tests of reading what the operator sets.
 */
package io.github.akashgen2api.settings;
