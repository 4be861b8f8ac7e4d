package dev.switchboard.time;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChanceTests {

	@Test
	void shouldDrawVersionFourUuids() {
		Set<UUID> drawn = new HashSet<>();
		for (int i = 0; i < 1000; i++) {
			UUID id = Chance.SYSTEM.uuid();
			assertThat(id.version()).isEqualTo(4);
			assertThat(id.variant()).isEqualTo(2);
			drawn.add(id);
		}
		assertThat(drawn).hasSize(1000);
	}

	@Test
	void shouldDrawTheSameForTheSameSeed() {
		Chance one = Chance.seeded(7);
		Chance other = Chance.seeded(7);

		assertThat(one.uuid()).isEqualTo(other.uuid());
		assertThat(one.fraction()).isEqualTo(other.fraction());
		assertThat(Chance.seeded(8).uuid()).isNotEqualTo(Chance.seeded(7).uuid());
	}

	@Test
	void shouldSpreadDurationsAroundTheirMean() {
		Chance chance = Chance.seeded(1);
		for (int i = 0; i < 1000; i++) {
			assertThat(chance.around(Duration.ofSeconds(10), 0.5)).isBetween(Duration.ofSeconds(5),
					Duration.ofSeconds(15));
		}
	}

}
