package dev.switchboard.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.quota.KnownQuotas;
import dev.switchboard.quota.NodeUse;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.Quotas;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.quota.Use;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.routing.Verb;
import dev.switchboard.time.Chance;
import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class UseExchangeTests {

	private static final NodeRecord OTHER = node(1, NodeState.UP);

	private static final NodeRecord SELF = node(2, NodeState.UP);

	private final ManualTime time = new ManualTime();

	private final TenantLimits limits = new TenantLimits(new KnownQuotas(Quotas.of((_) -> 100)), this.time);

	private final Map<NodeId, Mono<Payload>> answers = new HashMap<>();

	private final List<NodeId> asked = new ArrayList<>();

	private Mono<List<NodeRecord>> nodes = Mono.just(List.of(OTHER, SELF));

	private final UseExchange exchange = new UseExchange(this.limits, (_) -> this.nodes, new Forwarder() {

		@Override
		public <T> Mono<T> forward(NodeRecord node, Verb<T> verb) {
			throw new AssertionError("nothing is forwarded");
		}

		@Override
		public Mono<Payload> ask(NodeRecord node, String kind, String subject, Duration timeToLive) {
			UseExchangeTests.this.asked.add(node.id());
			return UseExchangeTests.this.answers.getOrDefault(node.id(), Mono.error(new IllegalStateException("away")));
		}

	}, SELF.id(), Chance.seeded(1));

	private static NodeRecord node(int number, NodeState state) {
		return new NodeRecord(new NodeId(new UUID(0, number)), "10.0.0." + number, 8070, null, state, 0, 1000,
				Instant.EPOCH, Duration.ofSeconds(5));
	}

	private static Mono<Payload> report(double calls) {
		return Mono
			.just(UseJson.write(new NodeUse.Builder().add("acme", Quota.CALLS_PER_SECOND, new Use(calls, 0)).build()));
	}

	/** Asks for so many calls, and gives how many of them were let through. */
	private long call(int calls) {
		return IntStream.range(0, calls).filter((_) -> this.limits.tryTake(Quota.CALLS_PER_SECOND, "acme", 1)).count();
	}

	private void turn() {
		this.time.advance(Duration.ofSeconds(1));
		this.exchange.turn().block();
	}

	@Test
	void shouldAskNobodyWhileNothingIsUsed() {
		turn();
		assertThat(call(1000)).as("half of the quota").isEqualTo(50);
		assertThat(this.asked).isEmpty();
		turn();
		assertThat(this.asked).containsExactly(OTHER.id());
	}

	@Test
	void shouldKnowWhatIsTakenElsewhereBeforeATenantComes() {
		turn();
		this.answers.put(OTHER.id(), Mono
			.just(UseJson.write(new NodeUse.Builder().add("acme", Quota.CONNECTIONS, new Use(100, 100)).build())));
		this.exchange.answer(OTHER.id().toString());
		turn();
		assertThat(reserve(1)).isZero();
		this.answers.put(OTHER.id(), Mono.just(UseJson.write(NodeUse.NOTHING)));
		turn();
		turn();
		assertThat(reserve(200)).isEqualTo(50);
		assertThat(this.asked).as("not asked any more").hasSize(2);
	}

	@Test
	void shouldTakeOnlyWhatTheOthersDoNotUse() {
		this.answers.put(OTHER.id(), report(30));
		turn();
		call(1000);
		turn();
		this.time.advance(Duration.ofSeconds(1));
		assertThat(call(1000)).isEqualTo(70);
	}

	@Test
	void shouldGoOnWithWhatANodeSaidLast() {
		this.answers.put(OTHER.id(), report(30));
		turn();
		call(1000);
		turn();
		this.answers.put(OTHER.id(), Mono.never());
		this.nodes = Mono.error(new IllegalStateException("the directory is away"));
		for (int i = 0; i < 6; i++) {
			call(1000);
			turn();
		}
		this.time.advance(Duration.ofSeconds(1));
		assertThat(call(1000)).isEqualTo(70);
	}

	@Test
	void shouldLeaveOutNodesThatAreGone() {
		this.answers.put(OTHER.id(), report(30));
		turn();
		call(1000);
		turn();
		this.nodes = Mono.just(List.of(node(1, NodeState.DEAD), SELF));
		for (int i = 0; i < 4; i++) {
			call(1000);
			turn();
		}
		this.time.advance(Duration.ofSeconds(1));
		assertThat(call(1000)).isEqualTo(100);
	}

	@Test
	void shouldNotCountTheConnectionsOfANodeThatDrains() {
		this.answers.put(OTHER.id(), Mono
			.just(UseJson.write(new NodeUse.Builder().add("acme", Quota.CONNECTIONS, new Use(100, 100)).build())));
		reserve(200);
		turn();
		assertThat(reserve(200)).as("all are held on the other node").isZero();
		this.nodes = Mono.just(List.of(node(1, NodeState.DRAINING), SELF));
		for (int i = 0; i < 4; i++) {
			reserve(200);
			turn();
		}
		assertThat(reserve(200)).isEqualTo(100);
	}

	private long reserve(int places) {
		return IntStream.range(0, places).filter((_) -> this.limits.connections("acme").reserve()).count();
	}

	@Test
	void shouldIgnoreAReportThatCannotBeRead() {
		this.answers.put(OTHER.id(), Mono.just(Payload.NULL));
		turn();
		call(1000);
		turn();
		this.time.advance(Duration.ofSeconds(1));
		assertThat(call(1000)).isEqualTo(100);
	}

	@Test
	void shouldAnswerWithWhatIsUsedHere() {
		call(40);
		turn();
		NodeUse told = UseJson.read(this.exchange.answer(OTHER.id().toString()));
		List<String> entries = new ArrayList<>();
		told.forEach((tenant, quota, use) -> entries.add(tenant + " " + quota.text() + " " + use.asked()));
		assertThat(entries).containsExactly("acme callsPerSecond 40.0");
	}

	@Test
	void shouldSkipQuotasThatOnlyANewerNodeKnows() {
		NodeUse use = UseJson.read(Payload
			.parse("{\"uses\":[{\"tenant\":\"acme\",\"quota\":\"newer\",\"askedThousandths\":1,\"held\":1}]}"));
		assertThat(use.isNothing()).isTrue();
	}

	@Test
	void shouldLimitTheSizeOfAReport() {
		NodeUse.Builder use = new NodeUse.Builder();
		for (int i = 0; i < 5000; i++) {
			use.add("tenant-" + i, Quota.CALLS_PER_SECOND, new Use(1, 0));
		}
		int[] entries = new int[1];
		UseJson.read(UseJson.write(use.build())).forEach((_, _, _) -> entries[0]++);
		assertThat(entries[0]).isEqualTo(UseJson.MAX_ENTRIES);
	}

}
