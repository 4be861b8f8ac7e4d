package dev.switchboard.token;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The rights that a token grants.
 *
 * @param tenant the tenant that the token is for; {@code *} for all tenants, null for
 * none
 * @param subject the agent's id or the caller's name; null if the token has none
 * @param scopes the scopes of the token: the actions that it allows
 */
public record Grant(@Nullable String tenant, @Nullable String subject, Set<String> scopes) {

	public boolean isFor(String tenant) {
		return isForAll() || tenant.equals(this.tenant);
	}

	/**
	 * Whether the token is for all tenants. Then it is also for what belongs to no
	 * tenant, such as the nodes.
	 */
	public boolean isForAll() {
		return "*".equals(this.tenant);
	}

}
