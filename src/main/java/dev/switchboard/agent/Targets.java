package dev.switchboard.agent;

import java.net.URI;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Chooses the URL of each attempt. Takes the configured URLs in turn. The URL of a
 * redirect or of a {@code goaway} is a detour: it is taken for one attempt only. After a
 * {@code goaway} it is the turn of the next configured URL, since the present one may
 * lead to the node that leaves. Not thread-safe.
 */
final class Targets {

	private static final String PATH = "/v1/connect";

	private static final int MAX_PORT = 65_535;

	/** The number of redirects in a row that are followed. */
	static final int MOST_REDIRECTS = 3;

	private final List<URI> configured;

	private int turn;

	private int redirects;

	/** The number of attempts in a row that have failed at configured URLs. */
	private int failures;

	private @Nullable URI detour;

	private boolean onDetour;

	private URI current;

	Targets(List<URI> configured) {
		this.configured = configured.stream().map(Targets::complete).toList();
		this.current = this.configured.getFirst();
	}

	/** Returns the number of configured URLs. */
	int count() {
		return this.configured.size();
	}

	/** Returns the URL of the next attempt. */
	URI next() {
		URI once = this.detour;
		this.detour = null;
		this.onDetour = once != null;
		this.current = (once != null) ? once : this.configured.get(this.turn % this.configured.size());
		return this.current;
	}

	/**
	 * Records how the attempt ended.
	 * @return whether it was a redirect that the next attempt may follow
	 */
	boolean ended(Ending ending) {
		if (ending instanceof Ending.Redirected redirected && this.redirects < MOST_REDIRECTS) {
			this.redirects++;
			detour(redirected.location().toString());
			return true;
		}
		this.redirects = 0;
		switch (ending) {
			case Ending.Leaving leaving -> {
				this.failures = 0;
				if (!this.onDetour) {
					this.turn++;
				}
				detour(leaving.goAway().url());
			}
			case Ending.Closed ignored -> this.failures = 0;
			case Ending.Redirected ignored -> failed();
			case Ending.Refused ignored -> failedUnlessOnDetour();
			case Ending.Unreachable ignored -> failedUnlessOnDetour();
		}
		return false;
	}

	/**
	 * Records a failed attempt, unless it was at the URL of a detour. After a detour the
	 * agent returns to the configured URL whose turn it is.
	 */
	private void failedUnlessOnDetour() {
		if (!this.onDetour) {
			failed();
		}
	}

	private void failed() {
		this.turn++;
		this.failures++;
	}

	/**
	 * Whether the last attempt failed at a configured URL, and other configured URLs have
	 * not been tried yet. All URLs count as untried again after a connection, and after
	 * all of them have failed.
	 */
	boolean hasOthersToTry() {
		return !this.onDetour && this.failures % this.configured.size() != 0;
	}

	// Ignores a URL that is invalid or gives up encryption.
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
	 * Returns the URL with the scheme {@code ws} or {@code wss} and with a path.
	 * @throws IllegalArgumentException if the URL has a different scheme or no host
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
		if (url.getPort() == 0 || url.getPort() > MAX_PORT) {
			throw new IllegalArgumentException("no such port: " + url);
		}
		boolean bare = url.getRawPath().isEmpty() || url.getRawPath().equals("/");
		String query = (url.getRawQuery() != null) ? "?" + url.getRawQuery() : "";
		return URI.create(scheme + "://" + url.getRawAuthority() + (bare ? PATH : url.getRawPath()) + query);
	}

}
