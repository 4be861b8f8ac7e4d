package dev.switchboard.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.tcp.SslProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A certificate that the JDK's own keytool has made for the run, and both ends of TLS
 * with it.
 */
public final class TestTls {

	private static final String PASSWORD = "changeit";

	private static final KeyStore STORE = generate();

	private TestTls() {
	}

	static void server(SslProvider.SslContextSpec spec) {
		try {
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(STORE, PASSWORD.toCharArray());
			SslProvider.GenericSslContextSpec<?> http11 = Http11SslContextSpec.forServer(keys);
			spec.sslContext(http11);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** What a server of the JDK needs; no client trusts its certificate by itself. */
	public static SSLContext serverContext() {
		try {
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(STORE, PASSWORD.toCharArray());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keys.getKeyManagers(), null, null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A client's socket that is not connected yet. */
	static Socket socket() throws IOException, GeneralSecurityException {
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(STORE);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return context.getSocketFactory().createSocket();
	}

	private static KeyStore generate() {
		try {
			Path file = Files.createTempDirectory("tls").resolve("store.p12");
			String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
			Process process = new ProcessBuilder(keytool, "-genkeypair", "-keystore", file.toString(), "-storepass",
					PASSWORD, "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost")
				.inheritIO()
				.start();
			assertThat(process.waitFor()).isZero();
			KeyStore store = KeyStore.getInstance("PKCS12");
			try (InputStream in = Files.newInputStream(file)) {
				store.load(in, PASSWORD.toCharArray());
			}
			return store;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
