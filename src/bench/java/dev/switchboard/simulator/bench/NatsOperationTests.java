package dev.switchboard.simulator.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.simulator.bench.NatsOperation.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class NatsOperationTests {

	private static final String STREAM = String.join("\r\n", "INFO {\"port\": 1}", "+OK", "PING",
			"MSG agent-1 1 _INBOX.a.7 4", "PO\r\n", "MSG _INBOX.a.7 12 0", "", "PONG", "-ERR 'Stale Connection'", "");

	@Test
	void shouldReadAStreamThatIsSplitAnywhere() {
		for (int split = 0; split <= STREAM.length(); split++) {
			assertThat(read(STREAM.substring(0, split), STREAM.substring(split))).as("split at %d", split)
				.containsExactly("Notice[line=INFO {\"port\": 1}]", "Notice[line=+OK]", "Ping[]",
						"agent-1 -> _INBOX.a.7: PO\r\n", "_INBOX.a.7 -> null: ", "Pong[]",
						"Failure[line=-ERR 'Stale Connection']");
		}
	}

	@Test
	void shouldReadAStreamThatComesByteByByte() {
		assertThat(read(STREAM.split("", -1))).isEqualTo(read(STREAM)).hasSize(7);
	}

	@Test
	void shouldLeaveWhatIsNotWhole() {
		ByteBuf in = Unpooled.copiedBuffer("MSG a 1 3\r\nabc\r", StandardCharsets.US_ASCII);
		assertThat(NatsOperation.read(in)).isNull();
		assertThat(in.readerIndex()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 400\r\n", "MSG a 1\r\n", "MSG a 1 -1\r\n", "MSG a 1 99999999\r\n",
			"MSG a 1 x\r\n", "MSG a 1 1\r\nabc\r\n" })
	void shouldRefuseWhatNoServerSends(String bytes) {
		ByteBuf in = Unpooled.copiedBuffer(bytes, StandardCharsets.US_ASCII);
		assertThatException().isThrownBy(() -> NatsOperation.read(in))
			.isInstanceOfAny(IllegalStateException.class, NumberFormatException.class);
	}

	private static List<String> read(String... pieces) {
		NatsStream stream = new NatsStream();
		List<String> read = new ArrayList<>();
		for (String piece : pieces) {
			stream.append(UnpooledByteBufAllocator.DEFAULT, piece.getBytes(StandardCharsets.US_ASCII));
			NatsOperation next = stream.next();
			while (next != null) {
				read.add((next instanceof Message message)
						? message.subject() + " -> " + message.replyTo() + ": " + message.text() : next.toString());
				next = stream.next();
			}
		}
		return read;
	}

}
