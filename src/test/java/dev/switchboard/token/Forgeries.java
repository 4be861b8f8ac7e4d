package dev.switchboard.token;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import com.nimbusds.jose.util.Base64URL;

/**
 * Tokens with a forged signature or header: what attacks on other implementations have
 * sent. Each is made of the keys of a node, so that only the check of it can refuse it.
 */
final class Forgeries {

	static final SigningKey RSA = SigningKey.rsa();

	static final SigningKey EC = SigningKey.ec();

	static final SigningKey ED = SigningKey.ed25519();

	private static final Map<String, Object> CLAIMS = Claims.of("acme", "bob", "agent:call agent:connect admin").map();

	private Forgeries() {
	}

	/** A token that must be refused, with its name. */
	record Forgery(String name, String token) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	/** Returns all forged signatures. */
	static Stream<Forgery> signatures() {
		return Stream.of(unsigned(), hmac(), elliptic(), strangers(), encoded()).flatMap(Function.identity());
	}

	private static Stream<Forgery> unsigned() {
		return Stream.concat(
				Stream.of("none", "None", "NONE", "nOnE", "", "null", "RS0", "plain", "dir", "HS000")
					.flatMap((alg) -> Stream.of(new Forgery("alg '" + alg + "', no signature", unsigned(alg) + "."),
							new Forgery("alg '" + alg + "', a good signature beside", EC.signEncoded(unsigned(alg))))),
				Stream.of(new Forgery("RS256, no signature", unsigned("RS256") + "."),
						new Forgery("ES256, no signature", unsigned("ES256") + "."),
						new Forgery("EdDSA, no signature", unsigned("EdDSA") + "."),
						new Forgery("no alg", EC.signEncoded(part("{}") + "." + claims())),
						new Forgery("alg of another type",
								EC.signEncoded(part("{\"alg\":[\"ES256\"]}") + "." + claims())),
						new Forgery("alg in lower case", EC.signEncoded(unsigned("es256")))));
	}

	private static Stream<Forgery> hmac() {
		return Stream.of(RSA, EC, ED)
			.flatMap((key) -> Stream.of("HS256", "HS384", "HS512")
				.flatMap((alg) -> Stream.of(
						new Forgery(alg + " with the PEM of " + key.algorithm(),
								hmac(alg, key.pem().getBytes(StandardCharsets.US_ASCII))),
						new Forgery(alg + " with the DER of " + key.algorithm(),
								hmac(alg, key.pair().getPublic().getEncoded())))));
	}

	private static Stream<Forgery> elliptic() {
		byte[] order = new BigInteger("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", 16)
			.toByteArray();
		byte[] n = Arrays.copyOfRange(order, order.length - 32, order.length);
		byte[] one = new byte[32];
		one[31] = 1;
		byte[] zero = new byte[32];
		return Stream.of(new Forgery("ES256 of zeros", es256(zero, zero)),
				new Forgery("ES256 of r = 0", es256(zero, one)), new Forgery("ES256 of s = 0", es256(one, zero)),
				new Forgery("ES256 of the curve's order", es256(n, n)),
				new Forgery("ES256 of r = 1, s = 1", es256(one, one)),
				new Forgery("ES256 of 64 bytes 0xff", es256(filled(0xff), filled(0xff))),
				new Forgery("ES256 of 63 bytes", es256(new byte[31], one)),
				new Forgery("ES256 of 65 bytes", es256(new byte[33], one)),
				new Forgery("ES256 in DER", unsigned("ES256") + "." + Base64URL.encode(der(unsigned("ES256")))),
				new Forgery("ES256 of zeros in DER", unsigned("ES256") + ".MAYCAQACAQA"),
				new Forgery("ES256 of P-384", SigningKey.ec("secp384r1").sign(CLAIMS)),
				new Forgery("ES384 named, of P-256", EC.signEncoded(unsigned("ES384"))),
				new Forgery("ES256K named, of P-256", EC.signEncoded(unsigned("ES256K"))),
				new Forgery("ES512 named, of P-256", EC.signEncoded(unsigned("ES512"))));
	}

	private static Stream<Forgery> strangers() {
		return Stream.of(new Forgery("RS256 of a stranger", SigningKey.rsa().sign(CLAIMS)),
				new Forgery("ES256 of a stranger", SigningKey.ec().sign(CLAIMS)),
				new Forgery("EdDSA of a stranger", SigningKey.ed25519().sign(CLAIMS)),
				new Forgery("EdDSA of Ed448", SigningKey.edwards("Ed448").sign(CLAIMS)),
				new Forgery("RS256 named, of EC", EC.signEncoded(unsigned("RS256"))),
				new Forgery("ES256 named, of RSA", RSA.signEncoded(unsigned("ES256"))),
				new Forgery("EdDSA named, of EC", EC.signEncoded(unsigned("EdDSA"))),
				new Forgery("RS512 of our RSA", new SigningKey("RS512", RSA.pair()).sign(CLAIMS)),
				new Forgery("PS256 named, of RSA", RSA.signEncoded(unsigned("PS256"))),
				new Forgery("RS256 of zeros", unsigned("RS256") + "." + Base64URL.encode(new byte[256])),
				new Forgery("RS256 of 0 bytes too few", unsigned("RS256") + "." + Base64URL.encode(new byte[255])),
				new Forgery("EdDSA of zeros", unsigned("EdDSA") + "." + Base64URL.encode(new byte[64])),
				new Forgery("a signature of other claims", swapped()));
	}

	private static Stream<Forgery> encoded() {
		String good = EC.sign(CLAIMS);
		String signature = good.substring(good.lastIndexOf('.') + 1);
		String signed = good.substring(0, good.lastIndexOf('.') + 1);
		return Stream.of(new Forgery("a padded signature", good + "=="),
				new Forgery("a padded signature, short", good + "="),
				new Forgery("a signature in standard Base64",
						EC.signEncoded(unsigned("ES256")).replace('-', '+').replace('_', '/') + "+/"),
				new Forgery("a signature with other unused bits", good.substring(0, good.length() - 1) + next(good)),
				new Forgery("a signature and more", good + "AAAA"), new Forgery("a fourth part", good + ".x"),
				new Forgery("a fourth part, empty", good + "."), new Forgery("a first part, empty", "." + good),
				new Forgery("five parts", good + ".x.y"),
				new Forgery("a signature with line breaks",
						signed + signature.substring(0, 10) + "\n" + signature.substring(10)),
				new Forgery("a signature with a NUL", signed + "\0" + signature),
				new Forgery("a signature with its first character twice", signed + signature.charAt(0) + signature),
				new Forgery("claims with padding",
						EC.signEncoded(Base64.getUrlEncoder()
							.encodeToString("{\"alg\":\"ES256\"}".getBytes(StandardCharsets.UTF_8)) + "=." + claims())),
				new Forgery("JSON serialization",
						"{\"payload\":\"" + claims() + "\",\"protected\":\"" + part("{\"alg\":\"ES256\"}")
								+ "\",\"signature\":\"" + signature + "\"}"),
				new Forgery("two tokens with a comma", good + "," + good),
				new Forgery("two tokens with a space", good + " " + good), new Forgery("one dot", "a.b"),
				new Forgery("two dots", ".."), new Forgery("nothing", ""),
				new Forgery("a token of a megabyte", EC.signEncoded(unsigned("ES256") + "A".repeat(1 << 20))));
	}

	/**
	 * The character after the last one of a signature of 64 bytes, which differs in bits
	 * that no byte has.
	 */
	private static char next(String token) {
		return (char) (token.charAt(token.length() - 1) + 1);
	}

	/** A token whose claims were changed after it was signed. */
	private static String swapped() {
		List<String> parts = List.of(EC.sign(CLAIMS).split("\\."));
		return parts.get(0) + "." + SigningKey.encode(Claims.of("*", "root", "admin").map()) + "." + parts.get(2);
	}

	private static String unsigned(String alg) {
		return SigningKey.encode(Map.of("alg", alg)) + "." + claims();
	}

	static String claims() {
		return SigningKey.encode(CLAIMS);
	}

	/** A token of our key with these members beside those of its header. */
	static String withHeader(SigningKey key, Map<String, Object> members) {
		return key.sign(new HashMap<>(members), CLAIMS);
	}

	/** A token of our key whose header, or claims, are this text. */
	static String raw(String header, String claims) {
		return EC.signEncoded(part(header) + "." + part(claims));
	}

	static String part(String json) {
		return Base64URL.encode(json).toString();
	}

	private static String es256(byte[] r, byte[] s) {
		byte[] both = Arrays.copyOf(r, r.length + s.length);
		System.arraycopy(s, 0, both, r.length, s.length);
		return unsigned("ES256") + "." + Base64URL.encode(both);
	}

	private static byte[] filled(int value) {
		byte[] bytes = new byte[32];
		Arrays.fill(bytes, (byte) value);
		return bytes;
	}

	private static byte[] der(String signed) {
		try {
			Signature signature = Signature.getInstance("SHA256withECDSA");
			signature.initSign(EC.pair().getPrivate());
			signature.update(signed.getBytes(StandardCharsets.US_ASCII));
			return signature.sign();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String hmac(String alg, byte[] secret) {
		try {
			Mac mac = Mac.getInstance("HmacSHA" + alg.substring(2));
			mac.init(new SecretKeySpec(secret, mac.getAlgorithm()));
			String signed = unsigned(alg);
			return signed + "." + Base64URL.encode(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
