package dev.switchboard.forwarding;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** The secret that nodes share, as requests carry it. Immutable. */
final class Credentials {

	private final @Nullable AsciiString bearer;

	/**
	 * @param secret what nodes share; null if they trust whoever reaches them
	 */
	Credentials(@Nullable String secret) {
		this.bearer = (secret != null) ? new AsciiString(("Bearer " + secret).getBytes(StandardCharsets.UTF_8), false)
				: null;
	}

	/** Adds them to a request. */
	void show(Http2Headers headers) {
		if (this.bearer != null) {
			headers.set(HttpHeaderNames.AUTHORIZATION, this.bearer);
		}
	}

	/** Whether a request has them; tells no more by the time that it takes. */
	boolean areIn(Http2Headers headers) {
		if (this.bearer == null) {
			return true;
		}
		CharSequence shown = headers.get(HttpHeaderNames.AUTHORIZATION);
		return shown != null && MessageDigest.isEqual(AsciiString.of(shown).toByteArray(), this.bearer.array());
	}

}
