package dev.switchboard.security;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;

import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.handshake.AgentAuthenticator;
import dev.switchboard.handshake.CertainAgent;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;

/**
 * Authenticates agents by their certificates, whose authority TLS has checked. A
 * certificate is enough. If there is a token, too, both must name the same agent. Without
 * a certificate the token decides. A connection ends when its first credential expires.
 */
final class CertificateAuthenticator implements AgentAuthenticator {

	private final AgentAuthenticator tokens;

	private final OriginSettings origins;

	private final SecuritySettings.Mode mode;

	private final TimeSource time;

	CertificateAuthenticator(AgentAuthenticator tokens, OriginSettings origins, SecuritySettings.Mode mode,
			TimeSource time) {
		this.tokens = tokens;
		this.origins = origins;
		this.mode = mode;
		this.time = time;
	}

	@Override
	public Mono<AgentCredentials> authenticate(ServerHttpRequest handshake) {
		return Mono.defer(() -> {
			X509Certificate certificate = certificateOf(handshake);
			return (certificate != null) ? check(certificate, handshake) : this.tokens.authenticate(handshake);
		});
	}

	private static @Nullable X509Certificate certificateOf(ServerHttpRequest handshake) {
		SslInfo tls = handshake.getSslInfo();
		X509Certificate[] chain = (tls != null) ? tls.getPeerCertificates() : null;
		return (chain != null && chain.length > 0) ? chain[0] : null;
	}

	private Mono<AgentCredentials> check(X509Certificate certificate, ServerHttpRequest handshake) {
		requireNoForeignPage(handshake);
		AgentId agent = CertificateIdentity.of(certificate);
		if (agent == null) {
			throw new ProblemException(Problem.FORBIDDEN, "The certificate names no agent");
		}
		CertainAgent.note(handshake, agent);
		Instant end = certificate.getNotAfter().toInstant();
		// A session of TLS that is resumed may be older than that.
		if (!end.isAfter(this.time.now())) {
			throw new ProblemException(Problem.UNAUTHORIZED, "The certificate has expired");
		}
		AgentCredentials proved = new AgentCredentials(agent, end);
		return hasMore(handshake) ? this.tokens.authenticate(handshake).map((further) -> both(proved, further))
				: Mono.just(proved);
	}

	/** Refuses web pages, because browsers show a certificate for every page. */
	private void requireNoForeignPage(ServerHttpRequest handshake) {
		if (this.mode == SecuritySettings.Mode.DEV && !LoopbackHost.isIn(handshake.getHeaders())) {
			throw new ProblemException(Problem.FORBIDDEN, LoopbackHost.REFUSAL);
		}
		this.origins.require(handshake.getHeaders());
	}

	private static boolean hasMore(ServerHttpRequest handshake) {
		return HandshakeToken.isIn(handshake.getHeaders()) || !DevIdentity.in(handshake).isEmpty();
	}

	private static AgentCredentials both(AgentCredentials proved, AgentCredentials further) {
		if (!proved.agent().equals(further.agent())) {
			throw new ProblemException(Problem.FORBIDDEN, "The certificate and the token name different agents");
		}
		Instant first = Stream.of(proved, further)
			.map(AgentCredentials::expiresAt)
			.filter(Objects::nonNull)
			.min(Comparator.naturalOrder())
			.orElse(null);
		return new AgentCredentials(proved.agent(), first);
	}

}
