package dev.switchboard.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class UpdateZoneTests {

	private final ServerSocket server = listen();

	private static ServerSocket listen() {
		try {
			return new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@AfterEach
	void close() throws IOException {
		this.server.close();
	}

	/** Answers one question with this code, without a signature. */
	private void answer(int code) {
		Thread.ofVirtual().start(() -> {
			try (Socket socket = this.server.accept()) {
				DataInputStream in = new DataInputStream(socket.getInputStream());
				Message question = new Message(in.readNBytes(in.readUnsignedShort()));
				Message answer = new Message(question.getHeader().getID());
				answer.addRecord(Objects.requireNonNull(question.getQuestion()), Section.QUESTION);
				answer.getHeader().setFlag(Flags.QR);
				answer.getHeader().setRcode(code);
				byte[] bytes = answer.toWire();
				DataOutputStream out = new DataOutputStream(socket.getOutputStream());
				out.writeShort(bytes.length);
				out.write(bytes);
				out.flush();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	private Mono<PoolChange> change(String host) {
		UpdateMessage messages = new UpdateMessage(Name.fromConstantString("example.com."),
				new PoolName("agents.example.com"), 30);
		TSIG key = new TSIG(TSIG.HMAC_SHA256, Name.fromConstantString("key."), new byte[32]);
		return new UpdateZone(host, this.server.getLocalPort(), key, messages)
			.change((_) -> Mono.just(PoolChange.NONE));
	}

	@ParameterizedTest
	@CsvSource({ Rcode.NOTAUTH + ",refuses the key", Rcode.REFUSED + ",does not allow this key",
			Rcode.SERVFAIL + ",SERVFAIL" })
	void shouldSayWhyAServerRefuses(int code, String reason) {
		answer(code);
		assertThatExceptionOfType(DnsException.class).isThrownBy(() -> change("127.0.0.1").block())
			.withMessageContaining(reason);
	}

	@Test
	void shouldNotTrustAnAnswerWithoutASignature() {
		answer(Rcode.NOERROR);
		assertThatExceptionOfType(DnsException.class).isThrownBy(() -> change("127.0.0.1").block())
			.withMessageContaining("is not signed by the key");
	}

	@Test
	void shouldSayThatTheServerDoesNotAnswer() throws Exception {
		this.server.close();
		assertThatExceptionOfType(DnsException.class).isThrownBy(() -> change("127.0.0.1").block())
			.withMessageContaining("does not answer");
	}

	@Test
	void shouldSayThatTheServerHasNoAddress() {
		assertThatExceptionOfType(DnsException.class).isThrownBy(() -> change("no-such-host.invalid").block())
			.withMessage("no host has the name no-such-host.invalid");
	}

}
