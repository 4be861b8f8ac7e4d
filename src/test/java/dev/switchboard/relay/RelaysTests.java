package dev.switchboard.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.database.Sql;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.event.EventCursor;
import dev.switchboard.event.EventEntry;
import dev.switchboard.event.EventLog;
import dev.switchboard.event.EventPosition;
import dev.switchboard.event.StoredEvents;
import dev.switchboard.node.Nodes;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.r2dbc.spi.ConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@ParameterizedClass
@EnumSource
class RelaysTests {

	private static final Duration LEASE = Duration.ofSeconds(3);

	private static final RelayKey ALL = RelayKey.ofAll("test");

	private static final Webhook.Wish WISH = new Webhook.Wish("https://example.com/hook", List.of("t1", "t2"),
			List.of("a \"b\" \\"), true);

	private final ConnectionFactory connections;

	private final Party one;

	private final Party other;

	RelaysTests(TestDatabase kind) {
		this.connections = kind.create();
		this.one = new Party();
		this.other = new Party();
	}

	@AfterEach
	void close() {
		this.one.node.close();
		this.other.node.close();
	}

	/** A node with relays, whose turns the test takes. */
	private final class Party implements RelayTarget {

		private final TestNode node = new TestNode(RelaysTests.this.connections, Duration.ofSeconds(15));

		private final StoredEvents events = new StoredEvents(this.node);

		private final List<EventEntry> got = new CopyOnWriteArrayList<>();

		private final AtomicLong skippedNanos = new AtomicLong();

		private final HeldRelays held = new HeldRelays();

		private final RelayMetrics metrics = new RelayMetrics(this.node.meters);

		private final RelayLease lease;

		private final Relays relays;

		private final Webhooks webhooks;

		private volatile boolean takes = true;

		Party() {
			TimeSource time = new TimeSource() {

				@Override
				public long nanoTime() {
					return System.nanoTime() + Party.this.skippedNanos.get();
				}

				@Override
				public Instant now() {
					return Instant.now();
				}

			};
			this.lease = new RelayLease(LEASE, time);
			EventLog log = this.events.log();
			WebhookSettings settings = new WebhookSettings(Duration.ofHours(1), Duration.ofSeconds(1),
					Duration.ofSeconds(10), Duration.ofSeconds(5), List.of(), 2, 16, 10);
			AddressGuard guard = new AddressGuard(List.of());
			Nodes nodes = this.node.member.nodes;
			RelayContext context = new RelayContext(log, new LogReader(this.metrics, time), this.node.database,
					this.node.clock::now, Chance.SYSTEM, this.metrics, Duration.ofMinutes(10), this.lease);
			RelayFactory factory = new RelayFactory(List.of(this), context, new WebhookSender(guard, settings, time),
					settings, new MemoryBudget(1 << 20));
			this.relays = new Relays(this.node.id, this.node.database, nodes, factory, this.held, this.lease,
					Chance.SYSTEM);
			this.webhooks = new Webhooks(this.node.database, log, guard, settings.maxPerTenant(), Chance.SYSTEM);
			get(this.node.register());
			this.relays.accept();
		}

		@Override
		public String name() {
			return "test";
		}

		@Override
		public Mono<Void> deliver(List<EventEntry> entries) {
			if (!this.takes) {
				return Mono.never();
			}
			this.got.addAll(entries);
			return Mono.empty();
		}

		private void turn() {
			this.relays.turn().block(TestNode.LIMIT);
		}

		private boolean holds(RelayKey key) {
			return this.held.keys().contains(key);
		}

		private HeldRelay row() {
			return get(this.node.database.upkeep("test", (connection) -> RelayTable.held(connection, this.node.id)))
				.stream()
				.filter((relay) -> relay.key().equals(ALL))
				.findFirst()
				.orElseThrow();
		}

		private long save(HeldRelay relay, EventCursor position) {
			return get(this.node.database.upkeep("test", (connection) -> RelayTable.save(connection, relay, position)));
		}

	}

	/** Ends all leases, as if their time had passed. */
	private void lapse() {
		get(this.one.node.database.upkeep("test", (connection) -> Sql.update(connection,
				"UPDATE relays SET free_at = " + Sql.CLOCK + " - 1 WHERE free_at < ?", RelayTable.RESTS)));
	}

	private static EventCursor at(long batch) {
		return new EventCursor(7, new EventPosition(batch, 1));
	}

	@Test
	void shouldWorkOnARelayOnOneNodeOnly() {
		this.one.turn();
		this.other.turn();
		assertThat(this.one.holds(ALL)).isTrue();
		assertThat(this.other.holds(ALL)).isFalse();
		this.one.events.store("a", "b");
		await().until(() -> this.one.got.size() == 2);
		assertThat(this.other.got).isEmpty();
	}

	@Test
	void shouldTakeARelayOverWhenItsLeaseIsOver() {
		this.one.takes = false;
		this.one.turn();
		this.one.events.store("a", "b");
		lapse();
		this.other.turn();
		await().until(() -> this.other.got.size() == 2);
		this.one.turn();
		assertThat(this.one.holds(ALL)).isFalse();
		assertThat(this.other.holds(ALL)).isTrue();
	}

	@Test
	void shouldGoOnWhereTheOtherNodeHasStoredThePosition() {
		this.one.turn();
		this.one.events.store("a", "b");
		await().until(() -> this.one.got.size() == 2);
		await().until(() -> this.one.row().position() != null);
		this.one.relays.stop(() -> {
		});
		await().until(() -> {
			this.other.turn();
			return this.other.holds(ALL);
		});
		this.one.events.store("c");
		await().until(() -> !this.other.got.isEmpty());
		assertThat(this.other.got).extracting(EventEntry::json)
			.singleElement()
			.satisfies((json) -> assertThat(json.text()).contains("\"id\":\"c\""));
	}

	@Test
	void shouldChangeNothingWhenANodeWakesUpLate() {
		this.one.takes = false;
		this.other.takes = false;
		this.one.turn();
		HeldRelay late = this.one.row();
		assertThat(this.one.save(late, at(5))).isEqualTo(1);
		lapse();
		this.other.turn();
		HeldRelay now = this.other.row();
		assertThat(now.fence()).isGreaterThan(late.fence());
		assertThat(now.position()).isEqualTo(at(5));
		assertThat(this.one.save(late, at(9))).isZero();
		assertThat(this.other.row().position()).isEqualTo(at(5));
		get(this.one.node.database.upkeep("test",
				(connection) -> RelayTable.release(connection, this.one.node.id, late)));
		assertThat(this.other.row().fence()).isEqualTo(now.fence());
	}

	@Test
	void shouldNotWorkOnceTheLeaseIsOverByItsOwnClock() {
		this.one.turn();
		assertThat(this.one.lease.isCurrent()).isTrue();
		this.one.skippedNanos.set(LEASE.toNanos());
		assertThat(this.one.lease.isCurrent()).isFalse();
		this.one.turn();
		assertThat(this.one.lease.isCurrent()).isTrue();
	}

	@Test
	void shouldSpreadRelaysOverTheNodes() {
		for (int i = 0; i < 8; i++) {
			get(this.one.webhooks.put("tenant" + i, "hook", WISH, false));
		}
		for (int i = 0; i < 6; i++) {
			this.one.turn();
			this.other.turn();
		}
		await().until(() -> {
			this.one.turn();
			this.other.turn();
			return this.one.held.size() + this.other.held.size() == 9
					&& Math.abs(this.one.held.size() - this.other.held.size()) <= 1;
		});
	}

	@Test
	void shouldGoOnAtTheBeginningOfALogThatHasForgottenThePosition() {
		this.one.takes = false;
		this.one.turn();
		this.one.save(this.one.row(), at(5));
		lapse();
		this.one.events.store("a");
		this.other.turn();
		await().until(() -> this.other.got.size() == 1);
		assertThat(this.other.node.meters.counter("switchboard.relays.skipped", "kind", "target").count()).isEqualTo(1);
	}

	@Test
	void shouldKeepAWebhookAndItsSecret() {
		Webhooks.Changed made = get(this.one.webhooks.put("acme", "hook", WISH, false));
		assertThat(made.created()).isTrue();
		assertThat(made.secret()).isNotNull();
		assertThat(made.webhook().wish()).isEqualTo(WISH);
		SignedWebhook first = stored();
		assertThat(first.secret().text()).isEqualTo(text(made));
		Webhooks.Changed again = get(this.other.webhooks.put("acme", "hook", WISH, false));
		assertThat(again.created()).isFalse();
		assertThat(again.secret()).isNull();
		assertThat(stored().secret().text()).isEqualTo(first.secret().text());
		assertThat(stored().version()).isGreaterThan(first.version());
		Webhooks.Changed renewed = get(this.other.webhooks.put("acme", "hook", WISH, true));
		assertThat(renewed.secret()).isNotNull();
		assertThat(stored().secret().text()).isEqualTo(text(renewed)).isNotEqualTo(first.secret().text());
		assertThat(get(this.one.webhooks.list("acme"))).extracting(Webhook::name).containsExactly("hook");
		assertThat(get(this.one.webhooks.list("other"))).isEmpty();
	}

	private static String text(Webhooks.Changed changed) {
		return Objects.requireNonNull(changed.secret()).text();
	}

	private SignedWebhook stored() {
		return get(this.one.node.database.upkeep("test",
				(connection) -> WebhookTable.find(connection, List.of(new RelayKey("acme", "hook")))))
			.getFirst();
	}

	@Test
	void shouldRefuseMoreWebhooksThanATenantMayHave() {
		get(this.one.webhooks.put("acme", "one", WISH, false));
		get(this.one.webhooks.put("acme", "two", WISH, false));
		assertThatThrownBy(() -> get(this.one.webhooks.put("acme", "three", WISH, false)))
			.isInstanceOfSatisfying(ProblemException.class,
					(ex) -> assertThat(ex.problem()).isEqualTo(Problem.TOO_MANY_REQUESTS))
			.hasMessageContaining("switchboard.events.webhooks.max-per-tenant");
		get(this.one.webhooks.put("acme", "two", WISH, false));
		get(this.one.webhooks.put("other", "three", WISH, false));
	}

	@Test
	void shouldEndTheWorkOnAWebhookThatIsDisabledOrDeleted() {
		RelayKey key = new RelayKey("acme", "hook");
		get(this.one.webhooks.put("acme", "hook", WISH, false));
		this.one.turn();
		assertThat(this.one.holds(key)).isTrue();
		get(this.other.webhooks.put("acme", "hook", disabled(), false));
		this.one.turn();
		assertThat(this.one.holds(key)).isFalse();
		this.other.turn();
		assertThat(this.other.holds(key)).as("it rests").isFalse();
		get(this.other.webhooks.put("acme", "hook", WISH, false));
		this.one.turn();
		assertThat(this.one.holds(key)).isTrue();
		this.other.webhooks.delete("acme", "hook").block(TestNode.LIMIT);
		this.one.turn();
		assertThat(this.one.holds(key)).isFalse();
		assertThatThrownBy(() -> this.other.webhooks.delete("acme", "hook").block(TestNode.LIMIT))
			.isInstanceOf(ProblemException.class);
		assertThatThrownBy(() -> get(this.other.webhooks.find("acme", "hook"))).isInstanceOf(ProblemException.class);
	}

	private static Webhook.Wish disabled() {
		return new Webhook.Wish(WISH.url(), WISH.types(), WISH.subjects(), false);
	}

	private Delivery delivery(DeliveryState state, int number, @Nullable String failure) {
		Instant first = Instant.EPOCH.plusSeconds(number);
		return new Delivery(new UUID(1, number), state, 3, (failure != null) ? 500 : 200, failure,
				new Delivery.About("e" + number, "/v1/tenants/acme/agents/a", "t1", "s"), first, first.plusSeconds(1),
				(state == DeliveryState.RETRYING) ? first.plusSeconds(9) : null);
	}

	private void put(List<Delivery> deliveries, byte @Nullable [] event) {
		get(this.one.node.database.upkeep("test",
				(connection) -> DeliveryTable.put(connection, new RelayKey("acme", "hook"), deliveries, event)));
	}

	@Test
	void shouldShowDeliveriesAndRetryDeadLetters() {
		get(this.one.webhooks.put("acme", "hook", WISH, false));
		this.one.turn();
		Delivery dead = delivery(DeliveryState.DEAD, 1, "answered 500");
		Delivery taken = delivery(DeliveryState.DELIVERED, 2, null);
		Delivery retrying = delivery(DeliveryState.RETRYING, 3, "answered 500");
		put(List.of(dead), Sql.bytes("{}"));
		put(List.of(taken, retrying), null);
		assertThat(get(this.other.webhooks.deliveries("acme", "hook", null, 10))).containsExactly(retrying, taken,
				dead);
		assertThat(get(this.other.webhooks.deliveries("acme", "hook", DeliveryState.DEAD, 10))).containsExactly(dead);
		Map<UUID, Delivery> tried = get(this.one.node.database.upkeep("test",
				(connection) -> DeliveryTable.retrying(connection, new RelayKey("acme", "hook"), 10)));
		assertThat(tried).containsOnlyKeys(retrying.id());
		Delivery asked = get(this.other.webhooks.retry("acme", "hook", dead.id()));
		assertThat(asked.state()).isEqualTo(DeliveryState.REQUESTED);
		List<DeliveryTable.Requested> requested = get(this.one.node.database.upkeep("test",
				(connection) -> DeliveryTable.requested(connection, this.one.node.id, 10)));
		assertThat(requested).extracting((found) -> found.delivery().id()).containsExactly(dead.id());
		assertThatThrownBy(() -> get(this.other.webhooks.retry("acme", "hook", taken.id()))).isInstanceOfSatisfying(
				ProblemException.class, (ex) -> assertThat(ex.problem()).isEqualTo(Problem.DELIVERY_NOT_DEAD));
		assertThatThrownBy(() -> get(this.other.webhooks.retry("acme", "hook", new UUID(9, 9)))).isInstanceOfSatisfying(
				ProblemException.class, (ex) -> assertThat(ex.problem()).isEqualTo(Problem.DELIVERY_UNKNOWN));
		put(List.of(delivery(DeliveryState.DELIVERED, 3, null)), null);
		assertThat(get(this.other.webhooks.deliveries("acme", "hook", DeliveryState.RETRYING, 10))).isEmpty();
	}

	@Test
	void shouldKeepTheNewestDeliveries() {
		get(this.one.webhooks.put("acme", "hook", WISH, false));
		List<Delivery> many = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			many.add(delivery(DeliveryState.DELIVERED, i, null));
		}
		put(many, null);
		get(this.one.node.database.upkeep("test", (connection) -> DeliveryTable.trim(connection,
				new RelayKey("acme", "hook"), DeliveryState.DELIVERED, 5)));
		assertThat(get(this.one.webhooks.deliveries("acme", "hook", null, 100))).extracting((each) -> each.event().id())
			.containsExactly("e19", "e18", "e17", "e16", "e15");
		get(this.one.node.database.upkeep("test", (connection) -> DeliveryTable.removeOld(connection, 100)));
		assertThat(get(this.one.webhooks.deliveries("acme", "hook", null, 100))).isEmpty();
	}

}
