package dev.switchboard.agent;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where the next attempt goes: to the configured URLs in turn, except for one attempt
 * after a redirect or a {@code goaway} that names another. Not thread-safe.
 */
final class Route {

	private static final String PATH = "/v1/connect";

	/** How many redirects are followed in a row. */
	static final int MOST_REDIRECTS = 3;

	private final List<URI> configured;

	private int turn;

	private int redirects;

	private @Nullable URI detour;

	private URI current;

	Route(List<URI> configured) {
		this.configured = configured.stream().map(Route::complete).toList();
		this.current = this.configured.getFirst();
	}

	/** The target of this attempt. */
	URI next() {
		URI once = this.detour;
		this.detour = null;
		this.current = (once != null) ? once : this.configured.get(this.turn % this.configured.size());
		return this.current;
	}

	/** Learns how the attempt ended. */
	void ended(Ending ending) {
		switch (ending) {
			case Ending.Redirected redirected when this.redirects < MOST_REDIRECTS -> {
				this.redirects++;
				detour(redirected.location().toString());
			}
			case Ending.Leaving leaving -> {
				this.redirects = 0;
				detour(leaving.goAway().url());
			}
			case Ending.Closed _ -> this.redirects = 0;
			default -> {
				this.redirects = 0;
				this.turn++;
			}
		}
	}

	// What cannot be read, or would give up encryption, is as if it had not been named.
	private void detour(@Nullable String url) {
		if (url == null) {
			return;
		}
		try {
			URI target = complete(this.current.resolve(url));
			if (target.getScheme().equals("wss") || this.current.getScheme().equals("ws")) {
				this.detour = target;
			}
		}
		catch (IllegalArgumentException ex) {
			this.detour = null;
		}
	}

	/**
	 * A {@code ws} or {@code wss} URL with a path.
	 * @throws IllegalArgumentException if it cannot be one
	 */
	static URI complete(URI url) {
		String scheme = switch (String.valueOf(url.getScheme())) {
			case "ws", "http" -> "ws";
			case "wss", "https" -> "wss";
			default -> throw new IllegalArgumentException("not a ws or wss URL: " + url);
		};
		if (url.getHost() == null) {
			throw new IllegalArgumentException("no host in " + url);
		}
		boolean bare = url.getRawPath().isEmpty() || url.getRawPath().equals("/");
		String query = (url.getRawQuery() != null) ? "?" + url.getRawQuery() : "";
		return URI.create(scheme + "://" + url.getRawAuthority() + (bare ? PATH : url.getRawPath()) + query);
	}

}
