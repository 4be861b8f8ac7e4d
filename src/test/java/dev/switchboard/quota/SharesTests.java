package dev.switchboard.quota;

import java.util.List;

import dev.switchboard.time.Chance;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class SharesTests {

	@Test
	void shouldDivideEquallyWhatNobodyHasAskedFor() {
		assertThat(Shares.fair(90, new double[3])).containsExactly(30, 30, 30);
	}

	/** cadence-workflow/cadence #5689: hosts that get unequal parts of the load. */
	@Test
	void shouldGiveABusyNodeWhatTheOthersDoNotUse() {
		assertThat(Shares.fair(90, new double[] { 900, 0, 6 })).containsExactly(84, 0, 6);
	}

	@Test
	void shouldGiveNodesThatAskForMuchTheSame() {
		assertThat(Shares.fair(90, new double[] { 900, 100, 10 })).containsExactly(40, 40, 10);
	}

	@Test
	void shouldDivideTheSurplusEqually() {
		assertThat(Shares.fair(90, new double[] { 20, 10, 0 })).containsExactly(40, 30, 20);
	}

	@Test
	void shouldGiveNothingOfAQuotaOfZero() {
		assertThat(Shares.fair(0, new double[] { 5, 0 })).containsExactly(0, 0);
		assertThat(Shares.ofPlaces(0, List.of(new Use(5, 0), Use.NONE))).containsExactly(0, 0);
	}

	@Test
	void shouldNotGiveAwayPlacesThatAreHeld() {
		List<Use> uses = List.of(new Use(250, 250), new Use(50, 50), new Use(100, 0));
		double[] shares = Shares.ofPlaces(300, uses);
		assertThat(shares[2]).as("no place is free").isZero();
		assertThat(shares[0]).as("places that are given back go to others").isEqualTo(150);
	}

	@Test
	void shouldDivideFreePlacesAmongThoseWhoHaveLessThanTheirPart() {
		List<Use> uses = List.of(new Use(200, 200), new Use(100, 20), new Use(100, 20));
		assertThat(Shares.ofPlaces(300, uses)).containsExactly(100, 50, 50);
	}

	@Test
	void shouldRoundPlacesSoThatAllAreGiven() {
		assertThat(Shares.ofPlaces(10, List.of(Use.NONE, Use.NONE, Use.NONE))).containsExactly(3, 3, 4);
		assertThat(Shares.ofPlaces(2, List.of(Use.NONE, Use.NONE, Use.NONE))).containsExactly(0, 1, 1);
	}

	@Test
	void shouldNeverGiveMoreThanTheQuota() {
		Chance chance = Chance.seeded(42);
		for (int i = 0; i < 10_000; i++) {
			double quota = Math.floor(chance.fraction() * 1000);
			List<Use> uses = List.of(use(chance), use(chance), use(chance), use(chance));
			double[] asked = uses.stream().mapToDouble(Use::asked).toArray();
			assertThat(sum(Shares.fair(quota, asked))).isCloseTo(quota, within(1e-6));
			double[] places = Shares.ofPlaces(quota, uses);
			double held = uses.stream().mapToDouble(Use::held).sum();
			assertThat(sum(places)).isLessThanOrEqualTo(quota + 1e-6);
			if (held <= quota) {
				double over = 0;
				for (int node = 0; node < places.length; node++) {
					over += Math.max(places[node], uses.get(node).held());
				}
				assertThat(over).as("what is held and what may be taken").isLessThanOrEqualTo(quota + 1);
			}
		}
	}

	private static Use use(Chance chance) {
		double held = Math.floor(chance.fraction() * 200);
		return new Use(held + Math.floor(chance.fraction() * 2) * Math.floor(chance.fraction() * 1000), held);
	}

	private static double sum(double[] shares) {
		double sum = 0;
		for (double share : shares) {
			sum += share;
		}
		return sum;
	}

}
