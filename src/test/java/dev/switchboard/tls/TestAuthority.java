package dev.switchboard.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;

import static org.assertj.core.api.Assertions.assertThat;

/** A certificate authority, made for the run. Thread-safe. */
public final class TestAuthority {

	static final String PASSWORD = "changeit";

	private static final String ALIAS = "ca";

	private final Path folder;

	private final KeyStore trusted;

	public TestAuthority(String name) {
		try {
			this.folder = Files.createTempDirectory("authority");
			keytool(ALIAS, "-dname", "CN=" + name, "-ext", "bc:c");
			this.trusted = empty();
			this.trusted.setCertificateEntry(ALIAS, load(stores()).getCertificate(ALIAS));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Issues a certificate.
	 * @param name the subject's distinguished name
	 * @param options further options of {@code keytool -genkeypair}
	 */
	public synchronized TestCertificate issue(String name, String... options) {
		try {
			List<String> all = new ArrayList<>(List.of("-dname", name, "-signer", ALIAS));
			all.addAll(Arrays.asList(options));
			keytool(TestCertificate.ALIAS, all.toArray(String[]::new));
			KeyStore everything = load(stores());
			KeyStore own = empty();
			own.setKeyEntry(TestCertificate.ALIAS, everything.getKey(TestCertificate.ALIAS, PASSWORD.toCharArray()),
					PASSWORD.toCharArray(), everything.getCertificateChain(TestCertificate.ALIAS));
			everything.deleteEntry(TestCertificate.ALIAS);
			save(everything, stores());
			return new TestCertificate(own);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Issues a certificate for an agent, with its SPIFFE id. */
	public TestCertificate issueAgent(String tenant, String agent, String... options) {
		List<String> all = new ArrayList<>(
				List.of("-ext", "san=uri:spiffe://example.org/tenant/" + tenant + "/agent/" + agent));
		all.addAll(Arrays.asList(options));
		return issue("CN=agent", all.toArray(String[]::new));
	}

	/** Returns what a server or client with this certificate needs. */
	public SslBundle bundle(TestCertificate own) {
		return SslBundle.of(SslStoreBundle.of(own.store(), PASSWORD, this.trusted));
	}

	KeyStore trusted() {
		return this.trusted;
	}

	/** Writes a certificate and its key to a file, which is replaced at once. */
	public void write(TestCertificate own, Path file) throws IOException, GeneralSecurityException {
		replace(own.store(), file);
	}

	/** Writes this authority to a file, as a store of trusted certificates. */
	public void writeTrusted(Path file) throws IOException, GeneralSecurityException {
		replace(this.trusted, file);
	}

	private static void replace(KeyStore store, Path file) throws IOException, GeneralSecurityException {
		Path next = file.resolveSibling(file.getFileName() + ".next");
		save(store, next);
		Files.move(next, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
	}

	private Path stores() {
		return this.folder.resolve("stores.p12");
	}

	private void keytool(String alias, String... options) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair",
						"-keystore", stores().toString(), "-storepass", PASSWORD, "-alias", alias, "-keyalg", "EC",
						"-groupname", "secp256r1"));
		command.addAll(Arrays.asList(options));
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			assertThat(process.waitFor()).as(command.toString()).isZero();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static KeyStore empty() throws IOException, GeneralSecurityException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		return store;
	}

	private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(file)) {
			store.load(in, PASSWORD.toCharArray());
		}
		return store;
	}

	private static void save(KeyStore store, Path file) throws IOException, GeneralSecurityException {
		try (OutputStream out = Files.newOutputStream(file)) {
			store.store(out, PASSWORD.toCharArray());
		}
	}

}
