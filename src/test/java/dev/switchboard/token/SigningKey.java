package dev.switchboard.token;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import org.jspecify.annotations.Nullable;

/**
 * An issuer's key, which signs with the JDK alone: nothing that checks is trusted here.
 */
public record SigningKey(String algorithm, KeyPair pair) {

	public static SigningKey rsa() {
		return rsa(2048);
	}

	public static SigningKey rsa(int bits) {
		return generate("RS256", () -> {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
			generator.initialize(bits);
			return generator.generateKeyPair();
		});
	}

	public static SigningKey ec() {
		return ec("secp256r1");
	}

	public static SigningKey ec(String curve) {
		return generate("ES256", () -> {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(new ECGenParameterSpec(curve));
			return generator.generateKeyPair();
		});
	}

	public static SigningKey ed25519() {
		return edwards("Ed25519");
	}

	public static SigningKey edwards(String curve) {
		return generate("EdDSA", () -> KeyPairGenerator.getInstance(curve).generateKeyPair());
	}

	private static SigningKey generate(String algorithm, Generator generator) {
		try {
			return new SigningKey(algorithm, generator.generate());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public String pem() {
		return "-----BEGIN PUBLIC KEY-----\n"
				+ Base64.getMimeEncoder().encodeToString(this.pair.getPublic().getEncoded())
				+ "\n-----END PUBLIC KEY-----\n";
	}

	JWK jwk(@Nullable String id) {
		return switch (this.pair.getPublic()) {
			case RSAPublicKey rsa -> new RSAKey.Builder(rsa).keyID(id).build();
			case ECPublicKey ec -> new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec).keyID(id).build();
			default -> new OctetKeyPair.Builder(Curve.Ed25519, lastBytes(32)).keyID(id).build();
		};
	}

	private Base64URL lastBytes(int count) {
		byte[] der = this.pair.getPublic().getEncoded();
		return Base64URL.encode(Arrays.copyOfRange(der, der.length - count, der.length));
	}

	/** A token with these claims. */
	String sign(Map<String, Object> claims) {
		return sign(Map.of(), claims);
	}

	/** A token with these headers beside or instead of {@code alg}. */
	String sign(Map<String, Object> headers, Map<String, Object> claims) {
		Map<String, Object> header = new HashMap<>(Map.of("alg", this.algorithm));
		header.putAll(headers);
		return signEncoded(encode(header) + "." + encode(claims));
	}

	/** A token of parts that are encoded already, right or wrong. */
	String signEncoded(String signed) {
		return signed + "." + Base64URL.encode(signature(signed.getBytes(StandardCharsets.US_ASCII)));
	}

	public static String encode(Map<String, Object> object) {
		return Base64URL.encode(JSONObjectUtils.toJSONString(object)).toString();
	}

	private byte[] signature(byte[] signed) {
		try {
			Signature signature = Signature.getInstance(switch (this.algorithm) {
				case "RS256" -> "SHA256withRSA";
				case "RS512" -> "SHA512withRSA";
				case "ES256" -> "SHA256withECDSAinP1363Format";
				default -> "EdDSA";
			});
			signature.initSign(this.pair.getPrivate());
			signature.update(signed);
			return signature.sign();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@FunctionalInterface
	private interface Generator {

		KeyPair generate() throws GeneralSecurityException;

	}

}
