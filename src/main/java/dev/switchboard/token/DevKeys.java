package dev.switchboard.token;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes and reads a pair of keys on P-256, in two PEM files (RFC 7468) in one folder.
 */
final class DevKeys {

	static final String PRIVATE = "private.pem";

	static final String PUBLIC = "public.pem";

	private static final Pattern PEM = Pattern
		.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

	private DevKeys() {
	}

	/**
	 * Makes a new pair of keys. The file of the private key can be read only by its
	 * owner, even while it is written.
	 * @throws FileAlreadyExistsException if the folder has one of the files already; both
	 * files stay as they are
	 */
	static void write(Path folder) throws IOException, GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp256r1"));
		KeyPair pair = generator.generateKeyPair();
		Files.createDirectories(folder);
		if (Files.exists(folder.resolve(PUBLIC))) {
			throw new FileAlreadyExistsException(folder.resolve(PUBLIC).toString());
		}
		write(folder.resolve(PRIVATE), "rw-------", pem("PRIVATE", pair.getPrivate()));
		write(folder.resolve(PUBLIC), "rw-r--r--", pem("PUBLIC", pair.getPublic()));
	}

	private static void write(Path file, String permissions, String text) throws IOException {
		var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
		boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
		Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
		try (var channel = posix ? Files.newByteChannel(file, options, mode) : Files.newByteChannel(file, options)) {
			channel.write(StandardCharsets.US_ASCII.encode(text));
		}
	}

	private static String pem(String kind, Key key) {
		return "-----BEGIN " + kind + " KEY-----\n"
				+ Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(key.getEncoded()) + "\n-----END " + kind
				+ " KEY-----\n";
	}

	/** Reads a private key. */
	static ECPrivateKey read(Path file) throws IOException, GeneralSecurityException {
		Matcher pem = PEM.matcher(Files.readString(file, StandardCharsets.US_ASCII));
		if (!pem.find()) {
			throw new InvalidKeySpecException("it holds no PEM private key");
		}
		byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
		return (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
	}

}
