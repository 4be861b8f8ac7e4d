package dev.switchboard.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * A zone on a DNS server that takes updates (RFC 2136) signed with a key (TSIG). Works
 * with any authoritative server, such as BIND, Knot DNS or PowerDNS.
 */
final class UpdateZone implements Zone {

	static {
		// Otherwise dnsjava stops its thread as soon as the process is asked to end, and
		// this node could not take itself out of DNS.
		System.setProperty("dnsjava.nio.register_shutdown_hook", "false");
	}

	private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

	private final String host;

	private final int port;

	private final TSIG key;

	private final UpdateMessage messages;

	UpdateZone(String host, int port, TSIG key, UpdateMessage messages) {
		this.host = host;
		this.port = port;
		this.key = key;
		this.messages = messages;
	}

	@Override
	public Mono<PoolChange> change(Function<List<PoolEntry>, Mono<PoolChange>> plan) {
		return index().flatMap((records) -> {
			List<PoolEntry> entries = records.stream().map(IndexRecord::read).flatMap(Optional::stream).toList();
			return plan.apply(entries)
				.flatMap((change) -> change.isEmpty() ? Mono.just(change)
						: send(() -> this.messages.of(change, records, entries)).map(this::applied).thenReturn(change));
		});
	}

	/** Completes at once, since a server answers only after it has made the change. */
	@Override
	public Mono<Void> settled() {
		return Mono.empty();
	}

	/**
	 * Asks the server itself for the index. The server's answer is never from a cache.
	 */
	private Mono<List<TXTRecord>> index() {
		return send(this::question).map((answer) -> {
			int code = answer.getRcode();
			if (code == Rcode.NXDOMAIN) {
				return List.of();
			}
			if (code != Rcode.NOERROR) {
				throw DnsException.failed("the DNS server " + this.host + " " + explain(code));
			}
			return answer.getSection(Section.ANSWER)
				.stream()
				.filter(TXTRecord.class::isInstance)
				.map(TXTRecord.class::cast)
				.toList();
		});
	}

	private Message question() {
		Message question = Message.newQuery(this.messages.question());
		question.getHeader().unsetFlag(Flags.RD);
		return question;
	}

	private Message applied(Message answer) {
		return switch (answer.getRcode()) {
			case Rcode.NOERROR -> answer;
			case Rcode.YXDOMAIN, Rcode.NXDOMAIN, Rcode.YXRRSET, Rcode.NXRRSET ->
				throw DnsException.contended("another node has changed the pool meanwhile");
			default -> throw DnsException.failed("the DNS server " + this.host + " " + explain(answer.getRcode()));
		};
	}

	private static String explain(int code) {
		return switch (code) {
			case Rcode.NOTAUTH -> "refuses the key, or does not have the zone (NOTAUTH)";
			case Rcode.NOTZONE -> "says that a name is not in the zone (NOTZONE)";
			case Rcode.REFUSED -> "does not allow this key to read and change the pool's names (REFUSED)";
			default -> "answers " + Rcode.string(code);
		};
	}

	/**
	 * Sends a message. A new message is made for each try, because a message gets a
	 * signature when it is sent, and servers refuse messages with two signatures.
	 */
	private Mono<Message> send(Supplier<Message> message) {
		return Mono.fromCallable(() -> new InetSocketAddress(this.host, this.port))
			.subscribeOn(Schedulers.boundedElastic())
			.flatMap((server) -> server.isUnresolved()
					? Mono.error(DnsException.failed("no host has the name " + this.host))
					: Mono.fromCompletionStage(() -> resolver(server).sendAsync(message.get())))
			.timeout(ANSWER_LIMIT)
			.onErrorMap((failure) -> !(failure instanceof DnsException),
					(failure) -> DnsException
						.failed("the DNS server " + this.host + " port " + this.port + " does not answer", failure))
			.map(this::verified);
	}

	private SimpleResolver resolver(InetSocketAddress server) {
		SimpleResolver resolver = new SimpleResolver(server);
		resolver.setTCP(true);
		resolver.setTSIGKey(this.key);
		resolver.setTimeout(ANSWER_LIMIT);
		return resolver;
	}

	/**
	 * Accepts an answer only with the key's signature. A refusal needs none: a server
	 * that does not know the key cannot sign, and a refusal changes nothing.
	 */
	private Message verified(Message answer) {
		int code = answer.getRcode();
		boolean success = code == Rcode.NOERROR || code == Rcode.NXDOMAIN;
		if (success && !(answer.isSigned() && answer.isVerified())) {
			throw DnsException.failed("the answer of the DNS server " + this.host + " is not signed by the key");
		}
		return answer;
	}

}
