package dev.switchboard.contract;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;

/** Makes keys and tokens, and serves its JWK set and its metadata on loopback. */
public final class TokenIssuer implements AutoCloseable {

	public static final String AUDIENCE = "switchboard-test";

	private final RSAKey rsa;

	private volatile ECKey ec;

	private final OctetKeyPair ed;

	private final HttpServer server;

	private volatile String keySet;

	private volatile int status = 200;

	public TokenIssuer() throws IOException, JOSEException {
		this.rsa = new RSAKeyGenerator(2048).keyID("rsa").algorithm(JWSAlgorithm.RS256).generate();
		this.ec = newEc();
		this.ed = new OctetKeyPairGenerator(Curve.Ed25519).keyID("ed").algorithm(JWSAlgorithm.EdDSA).generate();
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.keySet = keySet(List.of("rsa", "ec", "ed"));
		serve("/jwks", () -> this.keySet);
		String metadata = "{\"issuer\":\"" + url("") + "\",\"jwks_uri\":\"" + url("/jwks")
				+ "\",\"subject_types_supported\":[\"public\"]}";
		serve("/.well-known/openid-configuration", () -> metadata);
		this.server.start();
	}

	private static ECKey newEc() throws JOSEException {
		return new ECKeyGenerator(Curve.P_256).keyID("ec").algorithm(JWSAlgorithm.ES256).generate();
	}

	private String keySet(List<String> ids) {
		List<JWK> keys = Stream.<JWK>of(this.rsa, this.ec, this.ed)
			.filter((key) -> ids.contains(key.getKeyID()))
			.toList();
		return new JWKSet(keys).toPublicJWKSet().toString();
	}

	/** Has these keys in its JWK set from now on: {@code rsa}, {@code ec}, {@code ed}. */
	public void serveKeys(String... ids) {
		this.keySet = keySet(List.of(ids));
		this.status = 200;
	}

	/** Puts another key in the place of {@code ec}, with the same id. */
	void replaceEc() throws JOSEException {
		this.ec = newEc();
		serveKeys("rsa", "ec", "ed");
	}

	/** Answers with this status and text when it is asked for its JWK set. */
	void serve(int status, String text) {
		this.keySet = text;
		this.status = status;
	}

	/** The address of one of this issuer's documents; of itself, without a path. */
	public String url(String path) {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + path;
	}

	/** Writes the RSA key's public half as PEM. */
	public Path writePublicKey(Path folder) throws IOException, JOSEException {
		String base64 = Base64.getMimeEncoder(64, new byte[] { '\n' })
			.encodeToString(this.rsa.toPublicKey().getEncoded());
		return Files.writeString(folder.resolve("public.pem"),
				"-----BEGIN PUBLIC KEY-----\n" + base64 + "\n-----END PUBLIC KEY-----\n");
	}

	/** A good agent's token. */
	String agent(Identity identity) throws JOSEException {
		return token(identity.tenant(), identity.agent(), "agent:connect");
	}

	/** A good token, RS256, that lives for an hour. */
	public String token(String tenant, String subject, String scope) throws JOSEException {
		return sign(JWSAlgorithm.RS256, tenant, subject, scope, (_) -> {
		});
	}

	/** A good token that lives for an hour, signed by the key of an algorithm. */
	public String token(JWSAlgorithm algorithm, String tenant, String subject, String scope) throws JOSEException {
		return token(algorithm, tenant, subject, scope, Duration.ofHours(1));
	}

	/** A good token with this life, signed by the key of an algorithm. */
	public String token(JWSAlgorithm algorithm, String tenant, String subject, String scope, Duration life)
			throws JOSEException {
		return sign(algorithm, tenant, subject, scope,
				(claims) -> claims.expirationTime(Date.from(Instant.now().plus(life))));
	}

	/** A token that is good but for the change. */
	String sign(JWSAlgorithm algorithm, String tenant, String subject, String scope,
			Consumer<JWTClaimsSet.Builder> change) throws JOSEException {
		JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().issuer(url(""))
			.audience(AUDIENCE)
			.subject(subject)
			.issueTime(Date.from(Instant.now()))
			.expirationTime(Date.from(Instant.now().plus(Duration.ofHours(1))))
			.claim("tenant", tenant)
			.claim("scope", scope);
		change.accept(claims);
		SignedJWT token = new SignedJWT(header(algorithm), claims.build());
		token.sign(signer(algorithm));
		return token.serialize();
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

	private JWSHeader header(JWSAlgorithm algorithm) {
		String id = algorithm.equals(JWSAlgorithm.ES256) ? "ec" : algorithm.equals(JWSAlgorithm.EdDSA) ? "ed" : "rsa";
		return new JWSHeader.Builder(algorithm).keyID(id).build();
	}

	private JWSSigner signer(JWSAlgorithm algorithm) throws JOSEException {
		if (algorithm.equals(JWSAlgorithm.ES256)) {
			return new ECDSASigner(this.ec);
		}
		return algorithm.equals(JWSAlgorithm.EdDSA) ? new Ed25519Signer(this.ed) : new RSASSASigner(this.rsa);
	}

	private void serve(String path, Supplier<String> json) {
		this.server.createContext(path, (exchange) -> {
			byte[] body = json.get().getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(this.status, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
	}

}
