package dev.switchboard.forwarding;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("A node that ends")
class LeavingNodeIT {

	private static final byte[] NO_SETTINGS = HexFormat.of().parseHex("000000040000000000");

	private static final int GOAWAY = 7;

	@Test
	@DisplayName("| asks other nodes to send no more requests, and then says which ones it has served")
	void shouldSayWhichRequestsItHasServed() throws Exception {
		try (GatewayProcess node = GatewayProcess.start();
				Socket other = new Socket(InetAddress.getLoopbackAddress(), node.forwardingPort())) {
			OutputStream out = other.getOutputStream();
			out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
			out.write(NO_SETTINGS);
			assertThat(other.getInputStream().read()).isZero();

			node.terminate();

			DataInputStream rest = new DataInputStream(new ByteArrayInputStream(other.getInputStream().readAllBytes()));
			assertThat(lastStreams(rest)).containsExactly(Integer.MAX_VALUE, 0);
			assertThat(node.awaitExit()).isEqualTo(143);
		}
	}

	/**
	 * Reads the last streams of GOAWAY frames (RFC 9113 section 6.8) from all frames; the
	 * first byte of the first frame has been read.
	 */
	private static List<Integer> lastStreams(DataInputStream frames) throws Exception {
		List<Integer> streams = new ArrayList<>();
		for (int high = 0; high >= 0; high = frames.read()) {
			int length = high << 16 | frames.readUnsignedShort();
			int type = frames.readUnsignedByte();
			frames.skipNBytes(5);
			byte[] payload = frames.readNBytes(length);
			if (type == GOAWAY) {
				streams.add(new DataInputStream(new ByteArrayInputStream(payload)).readInt());
			}
		}
		return streams;
	}

}
