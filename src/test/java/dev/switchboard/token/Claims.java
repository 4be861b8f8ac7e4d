package dev.switchboard.token;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Claims for tokens of tests. */
public final class Claims {

	public static final String ISSUER = "https://issuer.example";

	public static final String AUDIENCE = "switchboard";

	private final Map<String, Object> claims = new HashMap<>();

	/** The claims that every token needs. */
	public static Claims valid() {
		return new Claims().with("iss", ISSUER)
			.with("aud", List.of(AUDIENCE))
			.with("exp", Instant.now().plusSeconds(300).getEpochSecond());
	}

	public static Claims of(String tenant, String subject, String scope) {
		return valid().with("tenant", tenant).with("sub", subject).with("scope", scope);
	}

	public Claims with(String name, Object value) {
		this.claims.put(name, value);
		return this;
	}

	public Claims without(String name) {
		this.claims.remove(name);
		return this;
	}

	Map<String, Object> map() {
		return this.claims;
	}

	public String signedBy(SigningKey key) {
		return key.sign(this.claims);
	}

}
