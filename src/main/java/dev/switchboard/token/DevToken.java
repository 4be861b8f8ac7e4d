package dev.switchboard.token;

import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;

/**
 * A token that is signed without an identity provider.
 *
 * @param scopes the scopes of the token: what it allows
 * @param life how long the token is valid
 */
record DevToken(String issuer, String audience, String tenant, String subject, List<String> scopes, Duration life) {

	/** Signs the token with ES256. Its life begins at the given time. */
	String sign(ECPrivateKey key, Instant now) throws JOSEException {
		SignedJWT token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType.JWT).build(),
				new JWTClaimsSet.Builder().issuer(this.issuer)
					.audience(this.audience)
					.subject(this.subject)
					.claim("tenant", this.tenant)
					.claim("scope", String.join(" ", this.scopes))
					.issueTime(Date.from(now))
					.expirationTime(Date.from(now.plus(this.life)))
					.build());
		token.sign(new ECDSASigner(key));
		return token.serialize();
	}

}
