package dev.switchboard.relay;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.switchboard.database.Database;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes the work on relays: finds their targets and webhooks. Thread-safe. */
final class RelayFactory {

	/** How many webhooks one statement reads. */
	private static final int AT_ONCE = 100;

	private final Map<String, RelayTarget> targets;

	private final RelayContext context;

	private final WebhookSender sender;

	private final WebhookSettings settings;

	private final MemoryBudget budget;

	RelayFactory(List<RelayTarget> targets, RelayContext context, WebhookSender sender, WebhookSettings settings,
			MemoryBudget budget) {
		this.targets = targets.stream().collect(Collectors.toMap(RelayTarget::name, Function.identity(), (one, _) -> {
			throw new IllegalStateException("two relays have the name " + one.name());
		}, TreeMap::new));
		this.context = context;
		this.sender = sender;
		this.settings = settings;
		this.budget = budget;
	}

	/** Whether this node can work on the relay. */
	boolean knows(RelayKey key) {
		return key.isWebhook() || this.targets.containsKey(key.name());
	}

	/** Makes the rows of this node's targets unless they are there. */
	Mono<Void> makeMissing(Connection connection) {
		return Flux.fromIterable(this.targets.keySet())
			.concatMap((name) -> RelayTable.make(connection, RelayKey.ofAll(name), null))
			.then();
	}

	/**
	 * Makes the work on relays. Webhooks that are disabled are laid to rest, and left
	 * out.
	 */
	Mono<Map<HeldRelay, RelayWork>> works(List<HeldRelay> relays) {
		Map<HeldRelay, RelayWork> works = new HashMap<>();
		Map<RelayKey, HeldRelay> webhooks = new HashMap<>();
		for (HeldRelay relay : relays) {
			RelayTarget target = this.targets.get(relay.key().name());
			if (relay.key().isWebhook()) {
				webhooks.put(relay.key(), relay);
			}
			else if (target != null) {
				works.put(relay, new TargetRelay(relay, target, this.context));
			}
		}
		return find(List.copyOf(webhooks.keySet())).flatMap((found) -> {
			found.stream().filter((webhook) -> webhook.webhook().wish().enabled()).forEach((webhook) -> {
				HeldRelay relay = webhooks.remove(webhook.webhook().key());
				if (relay != null) {
					works.put(relay,
							new WebhookRelay(relay, webhook, this.context, this.sender, this.settings, this.budget));
				}
			});
			return rest(List.copyOf(webhooks.keySet()));
		}).then(Mono.fromSupplier(() -> {
			works.keySet().forEach((relay) -> this.context.metrics().taken(relay.key()));
			return works;
		}));
	}

	private Mono<List<SignedWebhook>> find(List<RelayKey> keys) {
		Database database = this.context.database();
		return Flux.fromIterable(keys)
			.buffer(AT_ONCE)
			.concatMap((some) -> database.upkeep("find-webhooks", (connection) -> WebhookTable.find(connection, some)))
			.flatMapIterable(Function.identity())
			.collectList();
	}

	private Mono<Void> rest(List<RelayKey> keys) {
		Database database = this.context.database();
		return Flux.fromIterable(keys)
			.concatMap((key) -> database.upkeep("rest-relay", (connection) -> RelayTable.rest(connection, key)))
			.then();
	}

}
