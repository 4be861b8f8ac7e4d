package dev.switchboard.push;

import dev.switchboard.database.Sha256;
import dev.switchboard.database.Sql;
import dev.switchboard.protocol.CallId;
import io.r2dbc.spi.Readable;

/**
 * A stored push that has an idempotency key.
 *
 * @param scope the scope of the key
 * @param push the push
 * @param bodyHash the hash of the body of the request that stored the push
 */
record ScopeHolder(Sha256 scope, CallId push, Sha256 bodyHash) {

	static ScopeHolder read(Readable row) {
		return new ScopeHolder(Sha256.stored(Sql.binary(row, "scope")), new CallId(Sql.uuid(row, "id")),
				Sha256.stored(Sql.binary(row, "body_hash")));
	}

}
