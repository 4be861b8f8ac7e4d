package dev.switchboard.relay;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import dev.switchboard.database.Database;
import dev.switchboard.event.EventCursor;
import dev.switchboard.event.EventLog;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.Chance;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Sets, shows and deletes webhooks, and shows their deliveries. Thread-safe. Each result
 * is an error of {@link ProblemException} if the directory does not answer, or if there
 * is no such webhook.
 */
public final class Webhooks {

	/** How long the database may be silent. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Database database;

	private final EventLog log;

	private final AddressGuard guard;

	private final int maxPerTenant;

	private final Chance chance;

	/**
	 * A webhook after it was set.
	 *
	 * @param webhook the webhook
	 * @param secret its secret, if it is new; else null
	 * @param created whether there was no such webhook before
	 */
	public record Changed(Webhook webhook, @Nullable SigningSecret secret, boolean created) {
	}

	Webhooks(Database database, EventLog log, AddressGuard guard, int maxPerTenant, Chance chance) {
		this.database = database;
		this.log = log;
		this.guard = guard;
		this.maxPerTenant = maxPerTenant;
		this.chance = chance;
	}

	/**
	 * Sets a webhook. A new one gets the events that are stored from now on. One that was
	 * disabled goes on where it was, as far as the log goes back.
	 * @param newSecret whether a webhook that is there gets a new secret
	 * @return the webhook; an error of {@link ProblemException} if its URL is not valid,
	 * or if the tenant has as many webhooks as it may
	 */
	public Mono<Changed> put(String tenant, String name, Webhook.Wish wish, boolean newSecret) {
		WebhookUrl.check(wish.url(), this.guard);
		RelayKey key = new RelayKey(tenant, name);
		SigningSecret secret = SigningSecret.draw(this.chance::uuid);
		Mono<Changed> put = request("put-webhook",
				(connection) -> change(connection, key, wish, newSecret ? secret : null)
					.flatMap((changed) -> (changed > 0) ? Mono.just(false) : insert(connection, key, wish, secret)))
			.flatMap((created) -> begin(key, wish.enabled()).then(find(tenant, name))
				.map((webhook) -> new Changed(webhook, (created || newSecret) ? secret : null, created)));
		return within(put);
	}

	private static Mono<Long> change(Connection connection, RelayKey key, Webhook.Wish wish,
			@Nullable SigningSecret secret) {
		return WebhookTable.update(connection, key, wish, secret);
	}

	private Mono<Boolean> insert(Connection connection, RelayKey key, Webhook.Wish wish, SigningSecret secret) {
		return WebhookTable.count(connection, key.tenant()).flatMap((count) -> {
			if (count >= this.maxPerTenant) {
				return Mono.error(new ProblemException(Problem.TOO_MANY_REQUESTS, "The tenant has " + count
						+ " webhooks, as many as switchboard.events.webhooks.max-per-tenant allows"));
			}
			return WebhookTable.insert(connection, key, wish, secret)
				.flatMap((inserted) -> (inserted > 0) ? Mono.just(true)
						// Another request has made it at the same moment.
						: change(connection, key, wish, secret).thenReturn(true));
		});
	}

	/** Makes the webhook's relay unless it is there, and begins or ends its rest. */
	private Mono<Void> begin(RelayKey key, boolean enabled) {
		Mono<EventCursor> end = this.log.end();
		return end
			.flatMap((from) -> request("put-webhook",
					(connection) -> RelayTable.make(connection, key, (from.made() != 0) ? from : null)
						.then(enabled ? RelayTable.wake(connection, key) : RelayTable.rest(connection, key))))
			.then();
	}

	/** Finds a webhook. */
	public Mono<Webhook> find(String tenant, String name) {
		return within(request("find-webhook",
				(connection) -> WebhookTable.find(connection, List.of(new RelayKey(tenant, name))))
			.flatMap((found) -> Mono.justOrEmpty(found.stream().findFirst()))
			.map(SignedWebhook::webhook)
			.switchIfEmpty(Mono.error(Webhooks::unknown)));
	}

	/** Lists the webhooks of a tenant by their names. */
	public Mono<List<Webhook>> list(String tenant) {
		return within(request("list-webhooks", (connection) -> WebhookTable.list(connection, tenant))
			.map((found) -> found.stream().map(SignedWebhook::webhook).toList()));
	}

	/** Deletes a webhook with all that is known of its deliveries. */
	public Mono<Void> delete(String tenant, String name) {
		RelayKey key = new RelayKey(tenant, name);
		return within(request("delete-webhook",
				(connection) -> WebhookTable.delete(connection, key)
					.flatMap((deleted) -> RelayTable.remove(connection, key)
						.then(DeliveryTable.remove(connection, key))
						.thenReturn(deleted)))
			.filter((deleted) -> deleted > 0)
			.switchIfEmpty(Mono.error(Webhooks::unknown))).then();
	}

	/**
	 * Lists the last deliveries of a webhook, those first that were tried last.
	 * @param state the state that they are in; null for all
	 */
	public Mono<List<Delivery>> deliveries(String tenant, String name, @Nullable DeliveryState state, int limit) {
		RelayKey key = new RelayKey(tenant, name);
		return find(tenant, name).then(
				within(request("list-deliveries", (connection) -> DeliveryTable.list(connection, key, state, limit))));
	}

	/**
	 * Asks for one more try of a dead letter, within seconds.
	 * @return the delivery as it then stands; an error of {@link ProblemException} if
	 * there is no such delivery, or if it is not a dead letter
	 */
	public Mono<Delivery> retry(String tenant, String name, UUID delivery) {
		RelayKey key = new RelayKey(tenant, name);
		return find(tenant, name).then(within(request("retry-delivery",
				(connection) -> DeliveryTable.request(connection, key, delivery)
					.flatMap((changed) -> DeliveryTable.find(connection, key, delivery)))
			.switchIfEmpty(
					Mono.error(() -> new ProblemException(Problem.DELIVERY_UNKNOWN, "There is no such delivery")))
			.flatMap(Webhooks::requireRequested)));
	}

	private static Mono<Delivery> requireRequested(Delivery delivery) {
		return (delivery.state() == DeliveryState.REQUESTED) ? Mono.just(delivery)
				: Mono.error(new ProblemException(Problem.DELIVERY_NOT_DEAD,
						"The delivery is '" + delivery.state().text() + "'; only a dead letter can be retried"));
	}

	private <T> Mono<T> request(String statement, Function<Connection, Mono<T>> work) {
		return this.database.request(statement, work);
	}

	private static <T> Mono<T> within(Mono<T> wait) {
		return Database.forCaller(PATIENCE, wait);
	}

	private static ProblemException unknown() {
		return new ProblemException(Problem.WEBHOOK_UNKNOWN, "The tenant has no such webhook");
	}

}
