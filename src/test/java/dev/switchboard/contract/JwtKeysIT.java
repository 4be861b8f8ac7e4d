package dev.switchboard.contract;

import java.nio.file.Path;

import com.nimbusds.jose.JWSAlgorithm;
import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("jwt mode, other ways to check a token")
class JwtKeysIT {

	private static final String SPRING = "spring.security.oauth2.resourceserver.jwt.";

	@Test
	@DisplayName("a public key | checks signature, exp, iss and aud")
	void shouldCheckAgainstAPublicKey(@TempDir Path folder) throws Exception {
		try (TokenIssuer issuer = new TokenIssuer();
				TokenIssuer stranger = new TokenIssuer();
				GatewayProcess gateway = GatewayProcess.start("switchboard.security.mode=jwt",
						SPRING + "public-key-location=file:" + issuer.writePublicKey(folder),
						SPRING + "audiences=" + TokenIssuer.AUDIENCE)) {
			assertCallable(gateway, issuer, JWSAlgorithm.RS256);
			Identity me = Identity.fresh();
			assertThat(connect(gateway, stranger.agent(me))).isEqualTo(401);
			assertThat(connect(gateway, issuer.sign(JWSAlgorithm.RS256, me.tenant(), me.agent(), "agent:connect",
					(claims) -> claims.issuer(null))))
				.isEqualTo(401);
			assertThat(connect(gateway, issuer.sign(JWSAlgorithm.RS256, me.tenant(), me.agent(), "agent:connect",
					(claims) -> claims.expirationTime(null))))
				.isEqualTo(401);
			assertThat(connect(gateway, issuer.sign(JWSAlgorithm.RS256, me.tenant(), me.agent(), "agent:connect",
					(claims) -> claims.audience((String) null))))
				.isEqualTo(401);
		}
	}

	@Test
	@DisplayName("an issuer | found by its metadata, every algorithm")
	void shouldCheckAgainstAnIssuer() throws Exception {
		try (TokenIssuer issuer = new TokenIssuer();
				GatewayProcess gateway = GatewayProcess.start("switchboard.security.mode=jwt",
						SPRING + "issuer-uri=" + issuer.url(""), SPRING + "audiences=" + TokenIssuer.AUDIENCE)) {
			for (JWSAlgorithm algorithm : new JWSAlgorithm[] { JWSAlgorithm.RS256, JWSAlgorithm.ES256,
					JWSAlgorithm.EdDSA }) {
				assertCallable(gateway, issuer, algorithm);
			}
		}
	}

	private static void assertCallable(GatewayProcess gateway, TokenIssuer issuer, JWSAlgorithm algorithm)
			throws Exception {
		Identity me = Identity.fresh();
		String mine = issuer.sign(algorithm, me.tenant(), me.agent(), "agent:connect", (_) -> {
		});
		String theirs = issuer.sign(algorithm, "*", "backend", "agent:call", (_) -> {
		});
		try (TestAgent agent = JdkAgent.connect(gateway, "Authorization", "Bearer " + mine)) {
			var response = new Caller(gateway, "Authorization", "Bearer " + theirs).call(me);
			agent.answer(agent.nextCall(), "1");
			assertThat(Caller.finished(response).statusCode()).isEqualTo(200);
		}
	}

	private static int connect(GatewayProcess gateway, String token) throws Exception {
		return RawSocketAgent
			.handshake(gateway, "/v1/connect", "Sec-WebSocket-Protocol: switchboard.v1.json",
					"Authorization: Bearer " + token)
			.status();
	}

}
