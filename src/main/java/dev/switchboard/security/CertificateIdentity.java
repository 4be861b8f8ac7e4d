package dev.switchboard.security;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * Finds the agent that a certificate names: by its SPIFFE id, which is a URI among the
 * subject's alternative names, or else by the subject's {@code O} and {@code CN}. A
 * certificate with a SPIFFE id of another form names no agent.
 */
final class CertificateIdentity {

	private static final Integer URI_NAME = 6;

	private static final String SPIFFE = "spiffe:";

	private static final Pattern AGENT = Pattern.compile("spiffe://[^/]+/tenant/([^/]+)/agent/([^/]+)");

	private CertificateIdentity() {
	}

	/** Returns the agent; null if the certificate does not name exactly one. */
	static @Nullable AgentId of(X509Certificate certificate) {
		try {
			List<String> ids = spiffeIds(certificate);
			return switch (ids.size()) {
				case 0 -> bySubject(certificate.getSubjectX500Principal());
				case 1 -> byId(ids.getFirst());
				default -> null;
			};
		}
		catch (CertificateParsingException | InvalidNameException | IllegalArgumentException ex) {
			return null;
		}
	}

	private static List<String> spiffeIds(X509Certificate certificate) throws CertificateParsingException {
		Collection<List<?>> names = Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.of());
		return names.stream()
			.filter((name) -> URI_NAME.equals(name.getFirst()))
			.map((name) -> String.valueOf(name.get(1)))
			.filter((uri) -> uri.regionMatches(true, 0, SPIFFE, 0, SPIFFE.length()))
			.toList();
	}

	private static @Nullable AgentId byId(String id) {
		Matcher matcher = AGENT.matcher(id);
		return matcher.matches() ? new AgentId(matcher.group(1), matcher.group(2)) : null;
	}

	private static @Nullable AgentId bySubject(X500Principal subject) throws InvalidNameException {
		LdapName name = new LdapName(subject.getName(X500Principal.RFC2253));
		String tenant = only("O", name);
		String agent = only("CN", name);
		return (tenant != null && agent != null) ? new AgentId(tenant, agent) : null;
	}

	private static @Nullable String only(String type, LdapName name) {
		List<Object> values = name.getRdns()
			.stream()
			.filter((part) -> part.size() == 1 && part.getType().equalsIgnoreCase(type))
			.map(Rdn::getValue)
			.toList();
		return (values.size() == 1 && values.getFirst() instanceof String value) ? value : null;
	}

}
