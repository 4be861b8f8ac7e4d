package dev.switchboard.protocol;

import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class IdentifierTests {

	@ParameterizedTest
	@ValueSource(strings = { "a", "Z", "0", "_", ":", "-", "a.", "a.b_c:d-E9" })
	void shouldTakeEveryCharacterOfTheAlphabet(String id) {
		assertThat(new AgentId(id, id)).hasToString(id + "/" + id);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ".", ".a", " ", "a b", "a/b", "a\\b", "é", "a\n", "a%20", "a@b", "٣", "ａ", "a\u0000" })
	void shouldRefuseEverythingElse(String id) {
		assertThatIllegalArgumentException().isThrownBy(() -> new AgentId(id, "a")).withMessageStartingWith("tenant");
		assertThatIllegalArgumentException().isThrownBy(() -> new AgentId("t", id)).withMessageStartingWith("agent");
		assertThatIllegalArgumentException().isThrownBy(() -> AgentId.requireTenant(id));
	}

	@Test
	void shouldTakeOneHundredAndTwentyEightCharactersAndNoMore() {
		String longest = "x".repeat(128);
		assertThat(new AgentId(longest, longest).agent()).isEqualTo(longest);
		assertThatIllegalArgumentException().isThrownBy(() -> new AgentId("t", longest + "x"));
	}

	@Test
	void shouldTellCasesApart() {
		assertThat(new AgentId("t", "a")).isNotEqualTo(new AgentId("t", "A"));
	}

	@Test
	void shouldReadTheCanonicalFormOfAnId() {
		String id = "0190163d-8694-739b-aea5-966c26f8ad91";
		assertThat(CallId.parse(id)).hasToString(id).isEqualTo(new CallId(UUID.fromString(id)));
		assertThat(NodeId.parse(id)).hasToString(id);
		assertThat(ConnectionId.parse(id)).hasToString(id);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "1-1-1-1-1", "0190163d8694739baea5966c26f8ad91", "{190163d-8694-739b-aea5-966c26f8ad9}",
					"0190163d-8694-739b-aea5-966c26f8ad9g", "00190163d-869-739b-aea5-966c26f8ad91",
					"190163d-8694-739b-aea5-966c26f8ad911", "0190163d-8694-739b-aea5-966c26f8ad9١",
					"0190163d-8694-739b-aea5--66c26f8ad91", "+190163d-8694-739b-aea5-966c26f8ad91" })
	void shouldRefuseAnyOtherFormOfAnId(String id) {
		assertThatIllegalArgumentException().isThrownBy(() -> CallId.parse(id));
		assertThatIllegalArgumentException().isThrownBy(() -> NodeId.parse(id));
		assertThatIllegalArgumentException().isThrownBy(() -> ConnectionId.parse(id));
	}

	@Test
	void shouldMakeVersionFourIdsThatDiffer() {
		assertThat(TestIds.call().value()).satisfies((id) -> {
			assertThat(id.version()).isEqualTo(4);
			assertThat(id.variant()).isEqualTo(2);
		}).isNotEqualTo(TestIds.call().value());
	}

}
