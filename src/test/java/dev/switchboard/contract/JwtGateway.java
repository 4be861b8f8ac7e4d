package dev.switchboard.contract;

import com.nimbusds.jose.JOSEException;
import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A gateway in {@code jwt} mode and the issuer whose JWK set it checks tokens against.
 *
 * @param process the gateway
 * @param issuer the issuer that it trusts
 */
record JwtGateway(GatewayProcess process, TokenIssuer issuer) implements AutoCloseable {

	static JwtGateway start() {
		try {
			TokenIssuer issuer = new TokenIssuer();
			String spring = "spring.security.oauth2.resourceserver.jwt.";
			return new JwtGateway(
					GatewayProcess.start("switchboard.security.mode=jwt", spring + "jwk-set-uri=" + issuer.url("/jwks"),
							spring + "issuer-uri=" + issuer.url(""), spring + "audiences=" + TokenIssuer.AUDIENCE),
					issuer);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A caller of a tenant, or of all, with a good token of these scopes. */
	Caller caller(String tenant, String scope) throws JOSEException {
		return caller(this.issuer.token(tenant, "backend", scope));
	}

	Caller caller(String token) {
		return new Caller(this.process, "Authorization", "Bearer " + token);
	}

	/** Connects an agent with a good token of its own. */
	TestAgent connect(Identity identity) throws Exception {
		return JdkAgent.connect(this.process, "Authorization", "Bearer " + this.issuer.agent(identity));
	}

	/** Tries a handshake with these header lines. */
	RawResponse handshake(String... headerLines) throws Exception {
		return RawSocketAgent.handshake(this.process, "/v1/connect", headerLines);
	}

	@Override
	public void close() {
		try (this.issuer) {
			this.process.close();
		}
	}

	/** Gives test classes the one such gateway that they share. */
	static final class Shared implements ParameterResolver, AfterAllCallback {

		private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(JwtGateway.class);

		@Override
		public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
			return parameter.getParameter().getType() == JwtGateway.class;
		}

		@Override
		public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
			return gateway(context);
		}

		@Override
		public void afterAll(ExtensionContext context) {
			gateway(context).process().checkLog();
		}

		private static JwtGateway gateway(ExtensionContext context) {
			return context.getRoot()
				.getStore(NAMESPACE)
				.computeIfAbsent(JwtGateway.class, (_) -> JwtGateway.start(), JwtGateway.class);
		}

	}

}
