package dev.switchboard.cluster;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Agents of the agent library that each send numbers from 0 on as events. What is
 * acknowledged goes into the accounts. Thread-safe.
 */
final class EventSenders implements AutoCloseable {

	private final List<SwitchboardAgent> agents = new ArrayList<>();

	private final EventAccounts accounts;

	private final List<AgentId> ids;

	/**
	 * Starts the agents, each with another of the nodes first, and awaits all of them.
	 */
	EventSenders(EventAccounts accounts, List<AgentId> ids, List<URI> urls) throws Exception {
		this.accounts = accounts;
		this.ids = ids;
		List<CompletableFuture<?>> connected = new ArrayList<>();
		for (int number = 0; number < ids.size(); number++) {
			AgentId id = ids.get(number);
			var builder = SwitchboardAgent.builder()
				.identity(id.tenant(), id.agent())
				.reconnect(Duration.ofMillis(100), Duration.ofSeconds(2));
			for (int i = 0; i < urls.size(); i++) {
				builder.url(urls.get((number + i) % urls.size()));
			}
			SwitchboardAgent agent = builder.build();
			this.agents.add(agent);
			connected.add(agent.start());
		}
		CompletableFuture.allOf(connected.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
	}

	/**
	 * Sends so many events of each agent.
	 * @return completes when all are acknowledged
	 */
	CompletableFuture<Void> send(int each, Duration pause) {
		return send(pause, (ticks) -> ticks.take(each));
	}

	/**
	 * Sends events of each agent until the end.
	 * @return completes when all are acknowledged
	 */
	CompletableFuture<Void> sendUntil(Mono<Void> end, Duration pause) {
		return send(pause, (ticks) -> ticks.takeUntilOther(end));
	}

	private CompletableFuture<Void> send(Duration pause, UnaryOperator<Flux<Long>> limit) {
		return CompletableFuture.allOf(IntStream.range(0, this.agents.size())
			.mapToObj((number) -> send(number, pause, limit))
			.toArray(CompletableFuture[]::new));
	}

	private CompletableFuture<Void> send(int number, Duration pause, UnaryOperator<Flux<Long>> limit) {
		String name = this.ids.get(number).agent();
		Duration first = pause.multipliedBy(number).dividedBy(this.agents.size());
		return limit.apply(Flux.interval(first, pause).onBackpressureBuffer())
			.flatMap((n) -> Mono.fromFuture(this.agents.get(number).event("n", Payload.parse(Long.toString(n))))
				.doOnSuccess((_) -> this.accounts.acknowledge(name)), Integer.MAX_VALUE)
			.then()
			.toFuture();
	}

	@Override
	public void close() {
		this.agents.parallelStream().forEach(SwitchboardAgent::close);
	}

}
