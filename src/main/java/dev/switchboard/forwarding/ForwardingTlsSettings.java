package dev.switchboard.forwarding;

import dev.switchboard.tls.TlsEnd;
import io.netty.handler.ssl.ClientAuth;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;

/**
 * TLS between nodes. With it, each node must show a certificate, whichever end it is.
 *
 * @param bundle the name of a bundle of {@code spring.ssl.bundle}; without it, nodes
 * speak no TLS with each other
 */
@ConfigurationProperties("switchboard.forwarding.ssl")
record ForwardingTlsSettings(@Nullable String bundle) {

	/** Returns the end that accepts connections; null without TLS. */
	@Nullable TlsEnd accepting(ObjectProvider<SslBundles> bundles) {
		return (this.bundle != null) ? TlsEnd.of(bundles.getObject(), this.bundle, ClientAuth.REQUIRE) : null;
	}

	/** Returns the end that makes connections; null without TLS. */
	@Nullable TlsEnd connecting(ObjectProvider<SslBundles> bundles) {
		return (this.bundle != null) ? TlsEnd.connecting(bundles.getObject(), this.bundle) : null;
	}

}
