package dev.switchboard.contract;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A row of the table of endpoints: an operation of the API, and the credentials that it
 * needs. {@link EndpointsTests} compares the table with the OpenAPI document.
 *
 * @param method the HTTP method
 * @param path the path, with its variables
 * @param scope the scope that a token needs
 * @param ofCluster whether a token needs tenant {@code *}
 * @param body a body that the operation takes; empty for none
 */
record Endpoint(String method, String path, String scope, boolean ofCluster, String body) {

	/** Every scope that a token may have. */
	static final List<String> SCOPES = List.of("agent:call", "agent:push", "agent:read", "events:read", "metrics:read",
			"admin", "agent:connect");

	private static final String UUID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";

	private static final String TABLE = """
			POST   /v1/tenants/{tenant}/agents/{agent}/calls                  agent:call  tenant  {"method":"m"}
			POST   /v1/tenants/{tenant}/agents/{agent}/pushes                 agent:push  tenant  {"method":"m"}
			GET    /v1/tenants/{tenant}/agents/{agent}/pushes                 agent:push  tenant
			GET    /v1/tenants/{tenant}/pushes/{id}                           agent:push  tenant
			DELETE /v1/tenants/{tenant}/pushes/{id}                           agent:push  tenant
			GET    /v1/tenants/{tenant}/webhooks                              admin       tenant
			PUT    /v1/tenants/{tenant}/webhooks/{name}                       admin       tenant  {}
			GET    /v1/tenants/{tenant}/webhooks/{name}                       admin       tenant
			DELETE /v1/tenants/{tenant}/webhooks/{name}                       admin       tenant
			GET    /v1/tenants/{tenant}/webhooks/{name}/deliveries            admin       tenant
			POST   /v1/tenants/{tenant}/webhooks/{name}/deliveries/{id}/retry admin       tenant
			POST   /v1/tenants/{tenant}/fleet-calls                           agent:call  tenant  {"method":"m","agents":[]}
			POST   /v1/tenants/{tenant}/fleet-pushes                          agent:push  tenant  {"method":"m","agents":[]}
			GET    /v1/tenants/{tenant}/agents                                agent:read  tenant
			GET    /v1/tenants/{tenant}/events                                events:read tenant
			GET    /v1/tenants/{tenant}/agents/{agent}                        agent:read  tenant
			GET    /v1/tenants/{tenant}/agents/{agent}/diagnosis              agent:read  tenant
			DELETE /v1/tenants/{tenant}/agents/{agent}/connection             admin       tenant
			GET    /v1/tenants/{tenant}/calls/{id}                            agent:call  tenant
			DELETE /v1/tenants/{tenant}/calls/{id}                            agent:call  tenant
			GET    /v1/tenants/{tenant}/agents/{agent}/revocation             admin       tenant
			PUT    /v1/tenants/{tenant}/agents/{agent}/revocation             admin       tenant  {"reason":"r"}
			DELETE /v1/tenants/{tenant}/agents/{agent}/revocation             admin       tenant
			GET    /v1/tenants                                                admin       cluster
			GET    /v1/tenants/{tenant}                                       admin       tenant
			PUT    /v1/tenants/{tenant}                                       admin       cluster {"enabled":true}
			GET    /v1/nodes                                                  admin       cluster
			POST   /v1/nodes/{node}/drain                                     admin       cluster {}
			DELETE /v1/nodes/{node}/drain                                     admin       cluster
			POST   /v1/rebalance                                              admin       cluster {"dryRun":true}
			""";

	/** Returns the table. */
	static List<Endpoint> all() {
		return TABLE.lines().map(Endpoint::row).toList();
	}

	private static Endpoint row(String line) {
		String[] cells = line.split(" +", 5);
		return new Endpoint(cells[0], cells[1], cells[2], cells[3].equals("cluster"),
				(cells.length > 4) ? cells[4] : "");
	}

	/** Returns the path with this agent in it. */
	String at(Identity agent) {
		return this.path.replace("{tenant}", agent.tenant())
			.replace("{agent}", agent.agent())
			.replace("{name}", "w")
			.replaceAll("\\{(id|node)}", UUID);
	}

	/** Returns all scopes but the one that the operation needs, with spaces between. */
	String otherScopes() {
		return String.join(" ", SCOPES.stream().filter((each) -> !each.equals(this.scope)).toList());
	}

	/** Returns the header lines that go with the body. */
	List<String> bodyLines() {
		return this.body.isEmpty() ? List.of()
				: List.of("Content-Type: application/json", "Content-Length: " + bodyBytes().length);
	}

	byte[] bodyBytes() {
		return this.body.getBytes(StandardCharsets.UTF_8);
	}

	@Override
	public String toString() {
		return this.method.toLowerCase(Locale.ROOT) + " " + this.path;
	}

}
