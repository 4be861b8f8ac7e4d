package dev.switchboard.listener;

import java.util.Iterator;
import java.util.Map;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * Checks those rules of HTTP/1.1 (RFC 9112, RFC 9110) whose violation makes a message
 * ambiguous. The details of faults never quote the peer.
 */
final class RequestRules {

	private RequestRules() {
	}

	/** Returns what is wrong with a part of a request; null if nothing is wrong. */
	static @Nullable ProblemException faultOf(HttpObject part) {
		if (part.decoderResult().isFailure()) {
			return ProblemException.invalid(detail(part, part.decoderResult().cause()));
		}
		return (part instanceof HttpRequest request) ? faultOf(request) : null;
	}

	private static String detail(HttpObject part, Throwable cause) {
		return switch (cause) {
			case TooLongHttpLineException _ -> "The request line is too long";
			case TooLongHttpHeaderException _ -> "The header fields are too long";
			case PrematureChannelClosureException _ -> "The request broke off";
			default -> (part instanceof HttpRequest) ? "The request is not well-formed HTTP/1.1"
					: "The chunks of the body are malformed";
		};
	}

	private static @Nullable ProblemException faultOf(HttpRequest request) {
		if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)
				&& !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
			return ProblemException.invalid("This port speaks HTTP/1.1");
		}
		if (!isTarget(request.uri())) {
			return ProblemException.invalid("The request target must be a path");
		}
		return new Fields().read(request).fault(request.protocolVersion());
	}

	/**
	 * Whether the target has a form of RFC 9112 section 3.2. The form of CONNECT is left
	 * out, because only proxies take it.
	 */
	private static boolean isTarget(String target) {
		return target.startsWith("/") || target.equals("*") || target.startsWith("http://")
				|| target.startsWith("https://");
	}

	/**
	 * The fields that may be there only once. They are found in one pass, because every
	 * request pays for the search.
	 */
	private static final class Fields {

		private int hosts;

		private int credentials;

		private CharSequence host = "";

		/**
		 * The transfer coding. Netty's decoder has already refused a second one, and any
		 * transfer coding in HTTP/1.0.
		 */
		private @Nullable CharSequence coding;

		Fields read(HttpRequest request) {
			Iterator<Map.Entry<CharSequence, CharSequence>> fields = request.headers().iteratorCharSequence();
			while (fields.hasNext()) {
				Map.Entry<CharSequence, CharSequence> field = fields.next();
				read(field.getKey(), field.getValue());
			}
			return this;
		}

		private void read(CharSequence name, CharSequence value) {
			switch (name.length()) {
				case 4 -> {
					if (is(HttpHeaderNames.HOST, name)) {
						this.hosts++;
						this.host = value;
					}
				}
				case 13 -> this.credentials += is(HttpHeaderNames.AUTHORIZATION, name) ? 1 : 0;
				case 17 -> {
					if (is(HttpHeaderNames.TRANSFER_ENCODING, name)) {
						this.coding = value;
					}
				}
				default -> {
					// Any other field may be there several times.
				}
			}
		}

		private static boolean is(AsciiString expected, CharSequence name) {
			return AsciiString.contentEqualsIgnoreCase(expected, name);
		}

		@Nullable ProblemException fault(HttpVersion version) {
			if (this.hosts > 1 || (this.hosts == 0 && !version.equals(HttpVersion.HTTP_1_0))) {
				return ProblemException.invalid("There must be one Host");
			}
			if (!HostSyntax.matches(this.host)) {
				return ProblemException.invalid("The Host is not a host with an optional port");
			}
			if (this.credentials > 1) {
				return new ProblemException(Problem.UNAUTHORIZED, "There is more than one Authorization");
			}
			if (this.coding != null && !is(HttpHeaderValues.CHUNKED, this.coding)) {
				return ProblemException.invalid("The only transfer coding is chunked");
			}
			return null;
		}

	}

}
