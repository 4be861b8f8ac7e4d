package dev.switchboard.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

import org.jspecify.annotations.Nullable;

/** A certificate of a {@link TestAuthority}, with its private key. */
public record TestCertificate(KeyStore store) {

	static final String ALIAS = "own";

	/** The certificate itself. */
	public X509Certificate certificate() {
		return chain()[0];
	}

	private X509Certificate[] chain() {
		try {
			return Arrays.stream(this.store.getCertificateChain(ALIAS))
				.map(X509Certificate.class::cast)
				.toArray(X509Certificate[]::new);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private PrivateKey key() {
		try {
			return (PrivateKey) this.store.getKey(ALIAS, TestAuthority.PASSWORD.toCharArray());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Returns a store that trusts this certificate alone, whoever has issued it. */
	public KeyStore pinned() throws IOException, GeneralSecurityException {
		KeyStore trusted = TestAuthority.empty();
		trusted.setCertificateEntry("pinned", certificate());
		return trusted;
	}

	/**
	 * Returns the TLS of a client.
	 * @param trusted the authority of servers
	 * @param own the certificate that the client shows; null for none
	 */
	public static SSLContext client(TestAuthority trusted, @Nullable TestCertificate own) {
		try {
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(trusted.trusted());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init((own != null) ? new KeyManager[] { new Always(own) } : null, trust.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Shows its certificate whichever authorities the server names. */
	private static final class Always extends X509ExtendedKeyManager {

		private final TestCertificate own;

		Always(TestCertificate own) {
			this.own = own;
		}

		@Override
		public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
			return ALIAS;
		}

		@Override
		public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
			return ALIAS;
		}

		@Override
		public String[] getClientAliases(String type, Principal[] issuers) {
			return new String[] { ALIAS };
		}

		@Override
		public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
			return ALIAS;
		}

		@Override
		public String[] getServerAliases(String type, Principal[] issuers) {
			return new String[] { ALIAS };
		}

		@Override
		public X509Certificate[] getCertificateChain(String alias) {
			return this.own.chain();
		}

		@Override
		public PrivateKey getPrivateKey(String alias) {
			return this.own.key();
		}

	}

}
