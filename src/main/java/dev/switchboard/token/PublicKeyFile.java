package dev.switchboard.token;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.switchboard.problem.SettingsRefusedException;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.Resource;
import org.springframework.security.oauth2.jwt.JwtException;

/** Reads a public key from a PEM file (RFC 7468 section 13). */
final class PublicKeyFile {

	private static final Pattern PEM = Pattern
		.compile("-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\\s]+)-----END PUBLIC KEY-----");

	private static final List<String> TYPES = List.of("RSA", "EC", "Ed25519");

	private static final int ED25519_BYTES = 32;

	private PublicKeyFile() {
	}

	/**
	 * Reads an RSA, P-256 or Ed25519 key.
	 * @throws SettingsRefusedException if the file has no such key
	 */
	static VerificationKey read(Resource location) {
		try {
			byte[] der = decode(location.getContentAsString(StandardCharsets.US_ASCII));
			return VerificationKey.of(toJwk(toKey(der)))
				.orElseThrow(() -> new InvalidKeySpecException("its curve or size is not supported"));
		}
		catch (IOException | GeneralSecurityException | IllegalArgumentException ex) {
			throw new SettingsRefusedException("No public key could be read from " + location + ": " + ex.getMessage(),
					"Name a PEM file (file:/path/to/key.pem, -----BEGIN PUBLIC KEY-----) with an RSA key of 2048 bits or more, an EC key on"
							+ " P-256 or an Ed25519 key in"
							+ " spring.security.oauth2.resourceserver.jwt.public-key-location");
		}
	}

	/**
	 * Reads the key with each subscription, on a thread that may block.
	 * @return the key; a {@link JwtException} if there is none
	 */
	static Mono<List<VerificationKey>> reading(Resource location) {
		return Mono.fromCallable(() -> List.of(read(location)))
			.subscribeOn(Schedulers.boundedElastic())
			.onErrorMap((failure) -> new JwtException("The public key cannot be read at present", failure));
	}

	private static byte[] decode(String pem) throws InvalidKeySpecException {
		Matcher matcher = PEM.matcher(pem);
		if (!matcher.find()) {
			throw new InvalidKeySpecException("it holds no PEM public key");
		}
		return Base64.getMimeDecoder().decode(matcher.group(1));
	}

	private static PublicKey toKey(byte[] der) throws GeneralSecurityException {
		for (String type : TYPES) {
			try {
				return KeyFactory.getInstance(type).generatePublic(new X509EncodedKeySpec(der));
			}
			catch (InvalidKeySpecException ex) {
				// The key is not of this type; the next type is tried.
			}
		}
		throw new InvalidKeySpecException("it is none of " + TYPES);
	}

	private static JWK toJwk(PublicKey key) throws InvalidKeySpecException {
		return switch (key) {
			case RSAPublicKey rsa -> new RSAKey.Builder(rsa).build();
			case ECPublicKey ec -> new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec).build();
			case EdECPublicKey ed -> new OctetKeyPair.Builder(Curve.Ed25519, ed25519(ed)).build();
			default -> throw new InvalidKeySpecException("it is none of " + TYPES);
		};
	}

	/**
	 * Returns the raw key, which is the last 32 bytes of the encoded one (RFC 8410
	 * section 4).
	 */
	private static Base64URL ed25519(EdECPublicKey key) {
		byte[] der = key.getEncoded();
		return Base64URL.encode(Arrays.copyOfRange(der, der.length - ED25519_BYTES, der.length));
	}

}
