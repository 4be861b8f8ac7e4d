package dev.switchboard.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.TimeUnit;

import dev.switchboard.event.EventCursor;
import dev.switchboard.event.EventEntry;
import dev.switchboard.event.EventPosition;
import dev.switchboard.json.Payload;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class DeliveryWindowTests {

	private static final RelayKey KEY = new RelayKey("acme", "hook");

	private static final WebhookAnswer TAKEN = WebhookAnswer.of(204, null);

	private static final WebhookAnswer DOWN = WebhookAnswer.of(503, null);

	private VirtualTimeScheduler time;

	private final Receiver receiver = new Receiver();

	private final MemoryBudget budget = new MemoryBudget(1 << 20);

	private DeliveryWindow window;

	private int next;

	/** A receiver that is told what to answer, and remembers what it got. */
	private static final class Receiver implements DeliveryWork {

		private final List<String> got = new ArrayList<>();

		private final Map<String, Deque<WebhookAnswer>> answers = new HashMap<>();

		private final Set<String> silent = new HashSet<>();

		private final List<String> dead = new ArrayList<>();

		private final Sinks.Empty<Void> storing = Sinks.empty();

		private WebhookAnswer usual = TAKEN;

		private boolean may = true;

		private boolean gone;

		private boolean stores = true;

		private int most;

		private int underway;

		@Override
		public boolean mayWork() {
			return this.may;
		}

		@Override
		public Mono<WebhookAnswer> send(PendingDelivery delivery) {
			String event = name(delivery);
			this.got.add(event);
			this.underway++;
			this.most = Math.max(this.most, this.underway);
			if (this.silent.contains(event)) {
				return Mono.never();
			}
			WebhookAnswer own = this.answers.getOrDefault(event, new ArrayDeque<>()).poll();
			return Mono.just((own != null) ? own : this.usual).doOnNext((_) -> this.underway--);
		}

		@Override
		public void delivered(PendingDelivery delivery, WebhookAnswer answer) {
		}

		@Override
		public Mono<Void> retrying(PendingDelivery delivery, WebhookAnswer answer, Instant at) {
			return Mono.empty();
		}

		@Override
		public Mono<Void> dead(PendingDelivery delivery, WebhookAnswer answer) {
			this.dead.add(name(delivery));
			return this.stores ? Mono.empty() : this.storing.asMono();
		}

		@Override
		public Mono<Void> gone() {
			return Mono.fromRunnable(() -> this.gone = true);
		}

		@Override
		public void progressed() {
		}

		private void answer(String event, WebhookAnswer... given) {
			this.answers.put(event, new ArrayDeque<>(List.of(given)));
		}

	}

	private static String name(PendingDelivery delivery) {
		return Payload.of(delivery.event()).text().replaceAll(".*\"id\":\"([^\"]*)\".*", "$1");
	}

	@BeforeEach
	void start() {
		this.time = VirtualTimeScheduler.getOrSet();
		this.window = window(4);
	}

	@AfterEach
	void stop() {
		VirtualTimeScheduler.reset();
	}

	private DeliveryWindow window(int concurrent) {
		WebhookSettings settings = new WebhookSettings(Duration.ofHours(24), Duration.ofSeconds(2),
				Duration.ofMinutes(10), Duration.ofSeconds(15), List.of(), 100, concurrent, 500);
		return new DeliveryWindow(this.receiver, settings,
				new Backoff(settings.firstRetry(), settings.longestPause(), Chance.seeded(1)), this.budget,
				() -> Instant.ofEpochMilli(this.time.now(TimeUnit.MILLISECONDS)));
	}

	private static EventCursor at(int place) {
		return new EventCursor(7, new EventPosition(place, Integer.MAX_VALUE));
	}

	/** Adds events, named by their agent and number; each is a batch of its own. */
	private void add(String... events) {
		List<PendingDelivery> added = new ArrayList<>();
		for (String event : events) {
			EventPosition position = new EventPosition(++this.next, 1);
			EventEntry entry = new EventEntry(position, Payload.parse("{\"id\":\"" + event + "\"}"),
					event.substring(0, 1), "t", "s");
			added.add(PendingDelivery.of(KEY, entry, new EventCursor(7, position)));
		}
		this.window.add(added, at(this.next));
	}

	@Test
	void shouldDeliverAndKnowUpToWhere() {
		add("a1", "b1", "a2");
		assertThat(this.receiver.got).containsExactlyInAnyOrder("a1", "b1", "a2");
		assertThat(this.window.delivered()).isEqualTo(at(3));
		assertThat(this.window.waiting()).isZero();
		assertThat(this.budget.used()).isZero();
	}

	/** owncast/owncast #1504: one that is slow held up all that came after it. */
	@Test
	void shouldSendEventsOfOtherAgentsWhileOneIsUnderWay() {
		this.receiver.silent.add("a1");
		add("a1", "a2", "b1", "c1");
		assertThat(this.receiver.got).containsExactly("a1", "b1", "c1");
		assertThat(this.window.delivered()).as("nothing before the first is stored").isNull();
		assertThat(this.window.waiting()).isEqualTo(2);
	}

	@Test
	void shouldKeepTheOrderOfAnAgentOverFailures() {
		this.receiver.answer("a1", DOWN, DOWN);
		add("a1", "a2", "b1");
		this.time.advanceTimeBy(Duration.ofMinutes(1));
		assertThat(this.receiver.got).containsExactly("a1", "b1", "a1", "a1", "a2");
		assertThat(this.window.delivered()).isEqualTo(at(3));
	}

	@Test
	void shouldDoubleThePausesUpToTheLongest() {
		this.receiver.usual = DOWN;
		add("a1");
		this.time.advanceTimeBy(Duration.ofMillis(900));
		assertThat(this.receiver.got).hasSize(1);
		this.time.advanceTimeBy(Duration.ofMillis(2_200));
		assertThat(this.receiver.got).hasSize(2);
		this.time.advanceTimeBy(Duration.ofHours(2));
		// About 1 + 8 in the first 10 minutes, and then 6 to 12 an hour.
		assertThat(this.receiver.got).hasSizeBetween(17, 36);
	}

	@Test
	void shouldMakeADeadLetterAfterTheTime() {
		this.receiver.answer("a1", Collections.nCopies(1_000, DOWN).toArray(WebhookAnswer[]::new));
		add("a1", "a2");
		this.time.advanceTimeBy(Duration.ofHours(23).plusMinutes(59));
		assertThat(this.receiver.dead).isEmpty();
		assertThat(this.receiver.got).doesNotContain("a2");
		this.time.advanceTimeBy(Duration.ofMinutes(2));
		assertThat(this.receiver.dead).containsExactly("a1");
		assertThat(this.receiver.got).contains("a2");
		assertThat(this.window.delivered()).isEqualTo(at(2));
	}

	@Test
	void shouldStayBeforeADeadLetterUntilItIsStored() {
		this.receiver.answer("a1", Collections.nCopies(1_000, DOWN).toArray(WebhookAnswer[]::new));
		this.receiver.stores = false;
		add("a1");
		this.time.advanceTimeBy(Duration.ofHours(25));
		assertThat(this.receiver.dead).containsExactly("a1");
		assertThat(this.window.delivered()).isNull();
		this.receiver.storing.tryEmitEmpty();
		assertThat(this.window.delivered()).isEqualTo(at(1));
	}

	/** svix/svix-webhooks #2203: the longer one of both pauses counts. */
	@Test
	void shouldWaitAsLongAsTheReceiverAsks() {
		this.receiver.answer("a1", WebhookAnswer.of(429, Duration.ofMinutes(5)));
		add("a1");
		add("b1");
		assertThat(this.receiver.got).containsExactly("a1");
		this.time.advanceTimeBy(Duration.ofMinutes(4));
		assertThat(this.receiver.got).containsExactly("a1");
		this.time.advanceTimeBy(Duration.ofMinutes(2));
		assertThat(this.receiver.got).containsExactlyInAnyOrder("a1", "b1", "a1");
	}

	@Test
	void shouldNotHurryBecauseTheReceiverAsksForNoPause() {
		this.receiver.answer("a1", WebhookAnswer.of(503, Duration.ZERO));
		add("a1");
		this.time.advanceTimeBy(Duration.ofMillis(900));
		assertThat(this.receiver.got).hasSize(1);
	}

	@Test
	void shouldSendNoMoreThanAllowedAtATime() {
		for (String event : List.of("a1", "b1", "c1", "d1", "e1", "f1")) {
			this.receiver.silent.add(event);
		}
		add("a1", "b1", "c1", "d1", "e1", "f1");
		assertThat(this.receiver.most).isEqualTo(4);
	}

	/**
	 * keygen-sh/keygen-api #771: a receiver that is down got all of a backlog at once.
	 */
	@Test
	void shouldTryOneAtATimeWhileAllFailAndThenAllAtOnce() {
		this.receiver.usual = DOWN;
		add("a1", "b1", "c1", "d1", "e1", "f1", "g1", "h1");
		this.time.advanceTimeBy(Duration.ofHours(1));
		this.receiver.usual = TAKEN;
		this.receiver.got.clear();
		this.time.advanceTimeBy(Duration.ofMinutes(16));
		assertThat(this.receiver.got).hasSize(8).doesNotHaveDuplicates();
		assertThat(this.window.delivered()).isEqualTo(at(8));
	}

	@Test
	void shouldEndWhenTheReceiverIsGone() {
		this.receiver.answer("a1", WebhookAnswer.of(410, null));
		add("a1");
		assertThat(this.receiver.gone).isTrue();
		add("b1");
		this.time.advanceTimeBy(Duration.ofHours(1));
		assertThat(this.receiver.got).containsExactly("a1");
		assertThat(this.window.delivered()).as("the event is not delivered").isNull();
	}

	@Test
	void shouldSendNothingWhileTheLeaseIsOver() {
		this.receiver.may = false;
		add("a1");
		assertThat(this.receiver.got).isEmpty();
		this.receiver.may = true;
		this.window.dispatch();
		assertThat(this.receiver.got).containsExactly("a1");
	}

	@Test
	void shouldSendNothingAfterItsEnd() {
		this.receiver.answer("a1", DOWN);
		add("a1", "b1");
		this.window.stop();
		this.time.advanceTimeBy(Duration.ofHours(1));
		add("c1");
		assertThat(this.receiver.got).containsExactly("a1", "b1");
		assertThat(this.budget.used()).isZero();
	}

	@Test
	void shouldHaveRoomAgainOnceEventsAreDelivered() {
		this.receiver.may = false;
		String[] many = new String[500];
		Arrays.setAll(many, (i) -> "a" + i);
		add(many);
		List<String> room = new ArrayList<>();
		this.window.room().subscribe(null, null, () -> room.add("room"));
		assertThat(room).isEmpty();
		this.receiver.may = true;
		this.window.dispatch();
		assertThat(room).containsExactly("room");
	}

	@Test
	void shouldGoOnWithTheTimeOfAnotherNode() {
		EventPosition position = new EventPosition(1, 1);
		EventEntry entry = new EventEntry(position, Payload.parse("{\"id\":\"a1\"}"), "a", "t", "s");
		Delivery stored = new Delivery(UUID.randomUUID(), DeliveryState.RETRYING, 5, 503, "answered 503",
				new Delivery.About("a1", "a", "t", "s"), Instant.EPOCH.minus(Duration.ofHours(24)), Instant.EPOCH,
				Instant.EPOCH.plusSeconds(30));
		this.receiver.usual = DOWN;
		this.window.add(List.of(PendingDelivery.of(KEY, entry, new EventCursor(7, position)).resume(stored)), at(1));
		assertThat(this.receiver.got).isEmpty();
		this.time.advanceTimeBy(Duration.ofSeconds(31));
		assertThat(this.receiver.dead).containsExactly("a1");
	}

}
