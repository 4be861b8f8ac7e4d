package dev.switchboard.tls;

import java.util.List;

import javax.net.ssl.KeyManagerFactory;
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
 * One end of TLS connections, by an SSL bundle. When the bundle is renewed, new
 * connections use the new certificates, and open connections go on undisturbed. If the
 * renewed bundle cannot be used, the old one stays. Thread-safe.
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

	private final Contexts contexts;

	private volatile SslContext context;

	private TlsEnd(String name, Contexts contexts, SslBundle bundle) throws SSLException {
		this.name = name;
		this.contexts = contexts;
		this.context = contexts.of(bundle);
	}

	/** Makes a context of an SSL bundle. */
	@FunctionalInterface
	private interface Contexts {

		SslContext of(SslBundle bundle) throws SSLException;

	}

	/**
	 * Makes an end that accepts connections.
	 * @param name the name of the SSL bundle
	 * @param clients whether clients are asked for a certificate. The bundle's trust
	 * store then has their authorities
	 * @throws SettingsRefusedException if there is no such bundle, or it cannot be used
	 */
	public static TlsEnd of(SslBundles bundles, String name, ClientAuth clients) {
		return of(bundles, name, (bundle) -> accepting(bundle, clients));
	}

	/**
	 * Makes an end that connects to other nodes, and shows the bundle's certificate. It
	 * trusts whom the bundle trusts, whatever name the certificate has, because nodes
	 * know each other by addresses that change.
	 * @param name the name of the SSL bundle
	 * @throws SettingsRefusedException if there is no such bundle, or it cannot be used
	 */
	public static TlsEnd connecting(SslBundles bundles, String name) {
		return of(bundles, name, TlsEnd::connecting);
	}

	private static TlsEnd of(SslBundles bundles, String name, Contexts contexts) {
		TlsEnd end;
		try {
			end = new TlsEnd(name, contexts, bundles.getBundle(name));
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
			this.context = this.contexts.of(renewed);
			logger.info("New connections use the renewed certificates of the SSL bundle '{}'", this.name);
		}
		catch (RuntimeException | SSLException ex) {
			logger.error("The renewed SSL bundle '{}' cannot be used, so the old one stays: {}", this.name,
					ex.getMessage());
		}
	}

	private static SslContext connecting(SslBundle bundle) throws SSLException {
		SslContextBuilder builder = SslContextBuilder.forClient()
			.keyManager(key(bundle))
			.trustManager(PeerTrust.of(bundle))
			.endpointIdentificationAlgorithm(null);
		return options(bundle.getOptions(), builder).build();
	}

	private static KeyManagerFactory key(SslBundle bundle) {
		if (bundle.getStores().getKeyStore() == null) {
			throw new IllegalStateException("it has no certificate and private key");
		}
		return bundle.getManagers().getKeyManagerFactory();
	}

	private static SslContext accepting(SslBundle bundle, ClientAuth clients) throws SSLException {
		SslContextBuilder builder = SslContextBuilder.forServer(key(bundle));
		if (clients != ClientAuth.NONE) {
			builder.clientAuth(clients).trustManager(PeerTrust.of(bundle));
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
