package dev.switchboard.handshake;

import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.tls.TlsEnd;
import dev.switchboard.tls.TlsHandshakes;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

import org.springframework.boot.ssl.SslBundles;

/**
 * TLS on the agent port. Thread-safe.
 *
 * @param end the end that accepts connections
 * @param handshakes watches their handshakes
 */
record AgentTls(TlsEnd end, TlsHandshakes handshakes) {

	/**
	 * Makes TLS as the settings say.
	 * @return what secures connections; null if the port has no TLS
	 * @throws SettingsRefusedException if the SSL bundle cannot be used, or if
	 * certificates are asked for without TLS
	 */
	static @Nullable AgentTls of(AgentTlsSettings settings, AgentPortSettings port, SslBundles bundles,
			MeterRegistry meters) {
		String bundle = settings.bundle();
		if (bundle != null) {
			return new AgentTls(TlsEnd.of(bundles, bundle, settings.clientAuth().inNetty()),
					new TlsHandshakes("agent", port.handshakeTimeout(), meters));
		}
		if (settings.asksForCertificates()) {
			throw new SettingsRefusedException(
					"switchboard.agent.client-auth is " + settings.clientAuth() + ", but the agent port has no TLS.",
					"Name an SSL bundle in switchboard.agent.ssl.bundle");
		}
		return null;
	}

	/**
	 * Secures a new connection.
	 * @param failed is called on the event loop if it is the peer's fault that the
	 * handshake fails
	 */
	void secure(Channel channel, Runnable failed) {
		this.end.secure(channel);
		this.handshakes.watch(channel, NettyPipeline.SslHandler, failed);
	}

}
