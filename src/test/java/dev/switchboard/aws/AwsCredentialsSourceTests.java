package dev.switchboard.aws;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.switchboard.database.DatabaseCredentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class AwsCredentialsSourceTests {

	private static final String RDS = "{\"engine\":\"mysql\",\"username\":\"app\",\"password\":\"s3cret\"}";

	private final WireMockServer server = TestAws.server();

	@BeforeEach
	void start() {
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop();
	}

	private AwsCredentialsSource secret() {
		return AwsCredentialsSource
			.secret(AwsCalls.client(TestAws.settings(this.server), SecretsManagerClient.builder()), "switchboard/db");
	}

	private AwsCredentialsSource parameter() {
		return AwsCredentialsSource.parameter(AwsCalls.client(TestAws.settings(this.server), SsmClient.builder()),
				"/switchboard/db");
	}

	private void answer(String target, String request, ResponseDefinitionBuilder answer) {
		this.server.stubFor(post(urlEqualTo("/")).withHeader("X-Amz-Target", equalTo(target))
			.withRequestBody(containing(request))
			.willReturn(answer.withHeader("Content-Type", "application/x-amz-json-1.1")));
	}

	private void secretIs(String text) {
		answer("secretsmanager.GetSecretValue", "\"SecretId\":\"switchboard/db\"",
				aResponse().withBody("{\"SecretString\":\"" + text.replace("\"", "\\\"") + "\"}"));
	}

	@Test
	void shouldReadASecretAsRdsWritesIt() {
		secretIs(RDS);
		assertThat(secret().read().block()).isEqualTo(new DatabaseCredentials("app", "s3cret"));
	}

	@Test
	void shouldReadAnEncryptedParameter() {
		answer("AmazonSSM.GetParameter", "\"WithDecryption\":true",
				aResponse().withBody("{\"Parameter\":{\"Value\":\"" + RDS.replace("\"", "\\\"") + "\"}}"));
		assertThat(parameter().read().block()).isEqualTo(new DatabaseCredentials("app", "s3cret"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "s3cret", "{\"username\":\"app\"}", "{\"username\":1,\"password\":\"s3cret\"}" })
	void shouldRefuseATextWithoutCredentialsAndNotRepeatIt(String text) {
		secretIs(text);
		assertThatIllegalStateException().isThrownBy(() -> secret().read().block())
			.withMessage("what Secrets Manager has is not a JSON object with the members username and password");
	}

	@Test
	void shouldSayWhyASecretCannotBeRead() {
		answer("secretsmanager.GetSecretValue", "", aResponse().withStatus(400)
			.withBody("{\"__type\":\"ResourceNotFoundException\",\"Message\":\"no such secret\"}"));
		assertThatIllegalStateException().isThrownBy(() -> secret().read().block())
			.withMessage("Secrets Manager answers ResourceNotFoundException: no such secret");
	}

	@Test
	void shouldSayThatTheServiceIsAway() {
		AwsCredentialsSource source = parameter();
		this.server.stop();
		assertThatIllegalStateException().isThrownBy(() -> source.read().block())
			.withMessageStartingWith("the Parameter Store does not answer");
	}

}
