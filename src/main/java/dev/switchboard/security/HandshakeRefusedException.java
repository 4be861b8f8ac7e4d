package dev.switchboard.security;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * A handshake that is answered with a plain HTTP status. The message is fit for the peer.
 */
public final class HandshakeRefusedException extends RuntimeException {

	private final HttpStatus status;

	HandshakeRefusedException(HttpStatus status, @Nullable String detail) {
		super(detail, null, false, false);
		this.status = status;
	}

	/** 400, 401, 403, or 503 when a token cannot be checked at present. */
	public HttpStatus status() {
		return this.status;
	}

	/** Adds the headers that go with the status to the answer's. */
	public void addHeaders(HttpHeaders response) {
		switch (this.status) {
			case UNAUTHORIZED -> response.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
			case SERVICE_UNAVAILABLE -> response.set(HttpHeaders.RETRY_AFTER, "1");
			default -> {
			}
		}
	}

}
