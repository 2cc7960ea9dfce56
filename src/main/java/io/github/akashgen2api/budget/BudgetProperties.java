package io.github.akashgen2api.budget;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits on what all requests hold together.
 *
 * @param text the memory for the text of all requests; 0 for an eighth of the heap, which
 * is 16 MB in 256 MB
 */
@ConfigurationProperties("budget")
record BudgetProperties(@DefaultValue("0B") DataSize text) {

	long textBytes() {
		return (this.text.toBytes() > 0) ? this.text.toBytes() : Runtime.getRuntime().maxMemory() / 8;
	}

}
