package dev.switchboard.quota;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class KnownQuotasTests {

	private final KnownQuotas quotas = new KnownQuotas(Quotas.of((quota) -> 10 + quota.text().length()));

	@Test
	void shouldGiveATenantTheDefaults() {
		assertThat(this.quotas.of("acme").of(Quota.CONNECTIONS)).isEqualTo(21);
		assertThat(this.quotas.of("acme").of(Quota.DURABLE_PUSHES)).isEqualTo(23);
	}

	@Test
	void shouldGiveATenantItsOwnQuotasAndTheDefaultsForTheRest() {
		this.quotas.set("acme", Map.of(Quota.CALLS_IN_FLIGHT, 0L));
		assertThat(this.quotas.of("acme").of(Quota.CALLS_IN_FLIGHT)).isZero();
		assertThat(this.quotas.of("acme").of(Quota.CONNECTIONS)).isEqualTo(21);
		assertThat(this.quotas.of("other").of(Quota.CALLS_IN_FLIGHT)).isEqualTo(23);
	}

	@Test
	void shouldGiveATenantTheDefaultsAgainOnceItsOwnQuotasAreGone() {
		this.quotas.set("acme", Map.of(Quota.CONNECTIONS, 1L));
		this.quotas.set("acme", Map.of());
		assertThat(this.quotas.of("acme").of(Quota.CONNECTIONS)).isEqualTo(21);
	}

	@Test
	void shouldKnowEachQuotaByItsNameInTheApi() {
		for (Quota quota : Quota.values()) {
			assertThat(Quota.named(quota.text())).isEqualTo(quota);
		}
		assertThat(Quota.named("CONNECTIONS")).isNull();
	}

}
