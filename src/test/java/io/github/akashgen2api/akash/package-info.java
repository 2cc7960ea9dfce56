/**
 * Tests of how AkashGen is spoken to and its answers are read. What it was seen to answer
 * lies beside them, recorded.
 */
package io.github.akashgen2api.akash;
