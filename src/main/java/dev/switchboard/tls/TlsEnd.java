package dev.switchboard.tls;

import java.util.List;

import javax.net.ssl.SSLException;

import dev.switchboard.problem.SettingsRefusedException;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.netty.NettyPipeline;

import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;

/**
 * The end of TLS connections that accepts them, by an SSL bundle. When the bundle is
 * renewed, new connections use the new certificates, and open connections go on
 * undisturbed. If the renewed bundle cannot be used, the old one stays. Thread-safe.
 */
public final class TlsEnd {

	private static final Logger logger = LoggerFactory.getLogger(TlsEnd.class);

	private static final String[] PROTOCOLS = { "TLSv1.3", "TLSv1.2" };

	/**
	 * The most sessions that are kept for resumption. Clients of TLS 1.3 keep theirs
	 * themselves.
	 */
	private static final int MAX_SESSIONS = 1000;

	private final String name;

	private final ClientAuth clients;

	private volatile SslContext context;

	private TlsEnd(String name, ClientAuth clients, SslContext context) {
		this.name = name;
		this.clients = clients;
		this.context = context;
	}

	/**
	 * Makes an end.
	 * @param name the name of the SSL bundle
	 * @param clients whether clients are asked for a certificate. The bundle's trust
	 * store then has their authorities
	 * @throws SettingsRefusedException if there is no such bundle, or it cannot be used
	 */
	public static TlsEnd of(SslBundles bundles, String name, ClientAuth clients) {
		TlsEnd end;
		try {
			end = new TlsEnd(name, clients, context(bundles.getBundle(name), clients));
		}
		catch (NoSuchSslBundleException ex) {
			throw new SettingsRefusedException("There is no SSL bundle '" + name + "'.",
					"Describe it in spring.ssl.bundle.pem." + name + " or spring.ssl.bundle.jks." + name);
		}
		catch (IllegalStateException | SSLException ex) {
			throw new SettingsRefusedException("The SSL bundle '" + name + "' cannot be used: " + ex.getMessage(),
					"Look at its settings below spring.ssl.bundle");
		}
		bundles.addBundleUpdateHandler(name, end::renew);
		return end;
	}

	private void renew(SslBundle renewed) {
		try {
			this.context = context(renewed, this.clients);
			logger.info("New connections use the renewed certificates of the SSL bundle '{}'", this.name);
		}
		catch (RuntimeException | SSLException ex) {
			logger.error("The renewed SSL bundle '{}' cannot be used, so the old one stays: {}", this.name,
					ex.getMessage());
		}
	}

	private static SslContext context(SslBundle bundle, ClientAuth clients) throws SSLException {
		if (bundle.getStores().getKeyStore() == null) {
			throw new IllegalStateException("it has no certificate and private key");
		}
		SslContextBuilder builder = SslContextBuilder.forServer(bundle.getManagers().getKeyManagerFactory());
		if (clients != ClientAuth.NONE) {
			builder.clientAuth(clients).trustManager(PeerTrust.ofClients(bundle));
		}
		return options(bundle.getOptions(), builder).sessionCacheSize(MAX_SESSIONS).build();
	}

	private static SslContextBuilder options(SslOptions options, SslContextBuilder builder) {
		String[] protocols = options.getEnabledProtocols();
		if (options.getCiphers() != null) {
			builder.ciphers(List.of(options.getCiphers()));
		}
		return builder.protocols((protocols != null) ? protocols : PROTOCOLS);
	}

	/** Puts TLS in front of all handlers of a new connection. */
	public void secure(Channel channel) {
		channel.pipeline().addFirst(NettyPipeline.SslHandler, this.context.newHandler(channel.alloc()));
	}

}
