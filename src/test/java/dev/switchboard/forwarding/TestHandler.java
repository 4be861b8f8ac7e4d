package dev.switchboard.forwarding;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.Disposable;

/** Lets a test answer requests by hand. */
final class TestHandler implements RequestHandler {

	private final BlockingQueue<Served> served = new LinkedBlockingQueue<>();

	private final AtomicInteger undone = new AtomicInteger();

	record Served(Request request, Reply reply) {
	}

	@Override
	public Disposable serve(Request request, Reply reply) {
		this.served.add(new Served(request, reply));
		return this.undone::incrementAndGet;
	}

	/** The next request. */
	Served next() throws InterruptedException {
		Served next = this.served.poll(30, TimeUnit.SECONDS);
		if (next == null) {
			throw new AssertionError("no request came");
		}
		return next;
	}

	/** The number of requests that no test has taken yet. */
	int waiting() {
		return this.served.size();
	}

	/** How many streams are gone. */
	int undone() {
		return this.undone.get();
	}

}
