package dev.switchboard.aws;

import java.net.URI;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import io.awspring.cloud.autoconfigure.core.AwsProperties;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;

/** AWS as WireMock plays it, for the real clients. */
final class TestAws {

	private TestAws() {
	}

	static WireMockServer server() {
		return new WireMockServer(WireMockConfiguration.options().dynamicPort().bindAddress("127.0.0.1"));
	}

	/** The settings of clients that take the server for AWS. */
	static AwsClientBuilderConfigurer settings(WireMockServer server) {
		return settings(URI.create(server.baseUrl()));
	}

	/** The settings of clients that take whatever is there for AWS. */
	static AwsClientBuilderConfigurer settings(URI endpoint) {
		AwsProperties properties = new AwsProperties();
		properties.setEndpoint(endpoint);
		return new AwsClientBuilderConfigurer(
				StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")),
				() -> Region.EU_CENTRAL_1, properties);
	}

	static ResponseDefinitionBuilder xml(int status, String body) {
		return aResponse().withStatus(status).withHeader("Content-Type", "text/xml").withBody(body);
	}

	/** A refusal as Route 53 writes it. */
	static ResponseDefinitionBuilder refusal(int status, String code, String message) {
		return xml(status, """
				<ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error><Type>Sender</Type>\
				<Code>%s</Code><Message>%s</Message></Error><RequestId>r</RequestId></ErrorResponse>""".formatted(code,
				message));
	}

	/** A refusal as a client throws it. */
	static AwsServiceException refusal(String code) {
		return AwsServiceException.builder()
			.statusCode(400)
			.awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage("by the test").build())
			.build();
	}

}
