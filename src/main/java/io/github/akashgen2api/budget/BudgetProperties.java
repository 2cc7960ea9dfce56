package io.github.akashgen2api.budget;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How much is held at once.
 *
 * @param text the text of all requests together, as it is in memory; 0: an eighth of the
 * heap, 16 MB in 256 MB
 */
@ConfigurationProperties("budget")
record BudgetProperties(@DefaultValue("0B") DataSize text) {

	long textBytes() {
		return (this.text.toBytes() > 0) ? this.text.toBytes() : Runtime.getRuntime().maxMemory() / 8;
	}

}
