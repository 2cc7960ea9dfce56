/**
 * Tests of budgets.
 */
package io.github.akashgen2api.budget;
