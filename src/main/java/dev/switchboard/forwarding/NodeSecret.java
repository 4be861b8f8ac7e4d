package dev.switchboard.forwarding;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** The secret that nodes share, as a header of their requests. Immutable. */
final class NodeSecret {

	private final @Nullable AsciiString bearer;

	/**
	 * @param secret the secret; null if nodes serve every requester
	 */
	NodeSecret(@Nullable String secret) {
		this.bearer = (secret != null) ? new AsciiString(("Bearer " + secret).getBytes(StandardCharsets.UTF_8), false)
				: null;
	}

	/** Adds the secret to a request. */
	void sign(Http2Headers headers) {
		if (this.bearer != null) {
			headers.set(HttpHeaderNames.AUTHORIZATION, this.bearer);
		}
	}

	/**
	 * Whether a request has the secret, or nodes have no secret. The check takes the same
	 * time for every wrong secret of the same length.
	 */
	boolean authenticates(Http2Headers headers) {
		if (this.bearer == null) {
			return true;
		}
		CharSequence sent = headers.get(HttpHeaderNames.AUTHORIZATION);
		return sent != null && MessageDigest.isEqual(AsciiString.of(sent).toByteArray(), this.bearer.array());
	}

}
