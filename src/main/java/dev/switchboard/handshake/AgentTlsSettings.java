package dev.switchboard.handshake;

import java.util.Locale;

import io.netty.handler.ssl.ClientAuth;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * TLS on the agent port.
 *
 * @param ssl names the SSL bundle; without it, the port speaks no TLS
 * @param clientAuth whether agents are asked for a certificate
 */
@ConfigurationProperties("switchboard.agent")
public record AgentTlsSettings(@Nullable Ssl ssl, @DefaultValue("none") Certificates clientAuth) {

	/** Whether agents are asked for a certificate. */
	public enum Certificates {

		/** Agents are not asked. */
		NONE,
		/** Agents may show a certificate. */
		WANT,
		/** Agents must show a certificate. */
		NEED;

		ClientAuth inNetty() {
			return switch (this) {
				case NONE -> ClientAuth.NONE;
				case WANT -> ClientAuth.OPTIONAL;
				case NEED -> ClientAuth.REQUIRE;
			};
		}

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * Names an SSL bundle.
	 *
	 * @param bundle the name of a bundle of {@code spring.ssl.bundle}
	 */
	public record Ssl(@Nullable String bundle) {
	}

	/** Whether agents are asked for a certificate. */
	public boolean asksForCertificates() {
		return this.clientAuth != Certificates.NONE;
	}

	/** Returns the name of the SSL bundle; null without TLS. */
	@Nullable String bundle() {
		return (this.ssl != null) ? this.ssl.bundle() : null;
	}

}
