package dev.switchboard.aws;

import com.github.tomakehurst.wiremock.WireMockServer;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.notFound;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;

/** The instance metadata service as WireMock plays it. */
final class TestMetadata {

	static final String TOKEN = "X-aws-ec2-metadata-token";

	private final WireMockServer server;

	TestMetadata(WireMockServer server) {
		this.server = server;
		server.stubFor(get(anyUrl()).atPriority(10).willReturn(notFound()));
		server.stubFor(any(anyUrl()).withHeader(TOKEN, absent()).atPriority(9).willReturn(status(401)));
		token("one");
	}

	/** Makes the service give this token, and accept no other one. */
	void token(String token) {
		this.server.stubFor(put(urlEqualTo("/latest/api/token"))
			.withHeader("X-aws-ec2-metadata-token-ttl-seconds", equalTo("21600"))
			.willReturn(ok(token)));
	}

	void item(String path, String token, String value) {
		String url = "/latest/meta-data/" + path;
		this.server.stubFor(get(urlEqualTo(url)).atPriority(4).willReturn(status(401)));
		this.server.stubFor(get(urlEqualTo(url)).withHeader(TOKEN, equalTo(token)).atPriority(4).willReturn(ok(value)));
	}

}
