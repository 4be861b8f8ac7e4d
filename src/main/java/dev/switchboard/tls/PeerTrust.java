package dev.switchboard.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

import org.springframework.boot.ssl.SslBundle;

/**
 * Trusts the peers that an SSL bundle trusts, for now and for their own side of TLS. The
 * JDK looks neither at the dates nor at the purpose of a certificate that is in the trust
 * store itself, so they are looked at here. Thread-safe.
 */
final class PeerTrust extends X509ExtendedTrustManager {

	private static final String ANY_PURPOSE = "2.5.29.37.0";

	private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

	private static final String SERVER = "1.3.6.1.5.5.7.3.1";

	private final X509ExtendedTrustManager authorities;

	private PeerTrust(X509ExtendedTrustManager authorities) {
		this.authorities = authorities;
	}

	/**
	 * Returns the trust of a bundle.
	 * @throws IllegalStateException if the bundle names no authorities. Otherwise, the
	 * JDK would trust all public ones
	 */
	static PeerTrust of(SslBundle bundle) {
		if (bundle.getStores().getTrustStore() == null) {
			throw new IllegalStateException("it has no trust store, but peers are asked for certificates");
		}
		return Stream.of(bundle.getManagers().getTrustManagers())
			.filter(X509ExtendedTrustManager.class::isInstance)
			.map(X509ExtendedTrustManager.class::cast)
			.findFirst()
			.map(PeerTrust::new)
			.orElseThrow(() -> new IllegalStateException("its trust store is of an unknown kind"));
	}

	private static void check(X509Certificate[] chain, String purpose) throws CertificateException {
		chain[0].checkValidity();
		List<String> purposes = chain[0].getExtendedKeyUsage();
		if (purposes != null && !purposes.contains(purpose) && !purposes.contains(ANY_PURPOSE)) {
			throw new CertificateException("The certificate is for another purpose");
		}
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		this.authorities.checkClientTrusted(chain, authType, engine);
		check(chain, CLIENT);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		this.authorities.checkClientTrusted(chain, authType, socket);
		check(chain, CLIENT);
	}

	@Override
	public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		this.authorities.checkClientTrusted(chain, authType);
		check(chain, CLIENT);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
			throws CertificateException {
		this.authorities.checkServerTrusted(chain, authType, engine);
		check(chain, SERVER);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
			throws CertificateException {
		this.authorities.checkServerTrusted(chain, authType, socket);
		check(chain, SERVER);
	}

	@Override
	public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
		this.authorities.checkServerTrusted(chain, authType);
		check(chain, SERVER);
	}

	@Override
	public X509Certificate[] getAcceptedIssuers() {
		return this.authorities.getAcceptedIssuers();
	}

}
