package io.github.akashgen2api.akash;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The proxies on the way to AkashGen.
 *
 * @param http for an AkashGen whose address is {@code http}; {@code null}: none
 * @param https for one whose address is {@code https}; {@code null}: none
 * @param except the hosts that are reached without
 */
@ConfigurationProperties("akash.proxy")
record ProxyProperties(@Nullable HttpProxy http, @Nullable HttpProxy https, @DefaultValue("") NoProxyHosts except) {

	/**
	 * The proxy on the way to an address; empty where there is none.
	 */
	Optional<HttpProxy> to(BaseUrl base) {
		if (this.except.contain(base.uri())) {
			return Optional.empty();
		}
		return Optional.ofNullable("https".equalsIgnoreCase(base.uri().getScheme()) ? this.https : this.http);
	}

}
