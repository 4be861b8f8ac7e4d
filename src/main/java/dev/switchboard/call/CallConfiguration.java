package dev.switchboard.call;

import dev.switchboard.database.Database;
import dev.switchboard.database.Deletion;
import dev.switchboard.protocol.NodeId;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires calls. */
@Configuration(proxyBeanMethods = false)
class CallConfiguration {

	@Bean
	CallRecords callRecords(NodeId id, Database database) {
		return new CallRecords(id, database);
	}

	@Bean
	Deletion expiredCalls() {
		return CallTable::expire;
	}

}
