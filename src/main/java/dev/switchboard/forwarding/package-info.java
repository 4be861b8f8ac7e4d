/**
 * Requests between nodes over HTTP/2: verbs, questions, and notices of superseded
 * connections.
 * <p>
 * The room has more than 20 files because it has the requests and both ends of the
 * connections that carry them: the end that asks (begin at
 * {@link dev.switchboard.forwarding.Peers}) and the end that serves (begin at
 * {@link dev.switchboard.forwarding.ForwardingServer}). If the HTTP/2 connection had a
 * room of its own, classes that are package-private now would have to be public.
 */
@NullMarked
package dev.switchboard.forwarding;

import org.jspecify.annotations.NullMarked;
