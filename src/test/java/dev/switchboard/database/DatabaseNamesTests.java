package dev.switchboard.database;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import org.junit.jupiter.api.Test;
import reactor.netty.tcp.TcpResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class DatabaseNamesTests {

	private static final InetSocketAddress NAME = InetSocketAddress.createUnresolved("writer.db.example", 3306);

	/** A DNS server that answers every question with one address, valid for a day. */
	private static final class Dns implements AutoCloseable {

		private static final int HEADER = 12;

		private static final short ADDRESS = 1;

		private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());

		private volatile int host = 1;

		Dns() throws IOException {
			Thread.ofVirtual().start(this::answer);
		}

		private void answer() {
			DatagramPacket packet = new DatagramPacket(new byte[512], 512);
			try {
				while (true) {
					packet.setLength(512);
					this.socket.receive(packet);
					byte[] answer = answer(ByteBuffer.wrap(packet.getData()));
					this.socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
				}
			}
			catch (IOException ex) {
				// Closed.
			}
		}

		private byte[] answer(ByteBuffer query) {
			int end = HEADER;
			while (query.get(end) != 0) {
				end += query.get(end) + 1;
			}
			boolean asksForAddress = query.getShort(end + 1) == ADDRESS;
			byte[] question = new byte[end + 5 - HEADER];
			query.get(HEADER, question);
			ByteBuffer answer = ByteBuffer.allocate(HEADER + question.length + (asksForAddress ? 16 : 0))
				.putShort(query.getShort(0))
				.putShort((short) 0x8180)
				.putShort((short) 1)
				.putShort((short) (asksForAddress ? 1 : 0))
				.putInt(0)
				.put(question);
			if (asksForAddress) {
				answer.putShort((short) 0xC00C)
					.putShort(ADDRESS)
					.putShort((short) 1)
					.putInt((int) TimeUnit.DAYS.toSeconds(1))
					.putShort((short) 4)
					.put(new byte[] { 127, 0, 0, (byte) this.host });
			}
			return answer.array();
		}

		@Override
		public void close() {
			this.socket.close();
		}

	}

	@Test
	void shouldFollowANameWhoseOldAddressIsValidForADay() throws Exception {
		try (Dns dns = new Dns();
				AddressResolverGroup<?> names = DatabaseConnections
					.names((builder) -> builder.nameServerProvider(new SingletonDnsServerAddressStreamProvider(
							(InetSocketAddress) dns.socket.getLocalSocketAddress())))) {
			assertThat(resolve(names)).isEqualTo("127.0.0.1");
			dns.host = 2;
			await().atMost(Duration.ofSeconds(30)).until(() -> resolve(names).equals("127.0.0.2"));
		}
	}

	@SuppressWarnings("unchecked") // Names are resolved to addresses of sockets.
	private static String resolve(AddressResolverGroup<?> names) throws Exception {
		AddressResolver<InetSocketAddress> resolver = (AddressResolver<InetSocketAddress>) names
			.getResolver(TcpResources.get().onClient(true).next());
		return resolver.resolve(NAME).get(30, TimeUnit.SECONDS).getAddress().getHostAddress();
	}

}
