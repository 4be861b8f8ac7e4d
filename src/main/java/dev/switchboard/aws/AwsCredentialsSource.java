package dev.switchboard.aws;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;

import dev.switchboard.database.CredentialsSource;
import dev.switchboard.database.DatabaseCredentials;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/**
 * The credentials of the database in Secrets Manager or in the Parameter Store.
 *
 * @param service the name of the service, for messages to an operator
 * @param text reads the JSON text
 */
record AwsCredentialsSource(String service, Callable<String> text) implements CredentialsSource {

	static AwsCredentialsSource secret(SecretsManagerClient client, String id) {
		return new AwsCredentialsSource("Secrets Manager",
				() -> client.getSecretValue((request) -> request.secretId(id)).secretString());
	}

	static AwsCredentialsSource parameter(SsmClient client, String name) {
		return new AwsCredentialsSource("the Parameter Store",
				() -> client.getParameter((request) -> request.name(name).withDecryption(true)).parameter().value());
	}

	@Override
	public Mono<DatabaseCredentials> read() {
		return AwsCalls.call(this.text)
			.onErrorMap((failure) -> new IllegalStateException(AwsCalls.explain(this.service, failure), failure))
			.switchIfEmpty(Mono.error(() -> new IllegalStateException(this.service + " has no text there")))
			.map(this::parse);
	}

	/** Reads the members. The message of an error never contains a part of the text. */
	private DatabaseCredentials parse(String json) {
		try {
			Envelope members = Envelope.parse(json.getBytes(StandardCharsets.UTF_8));
			return new DatabaseCredentials(members.string("username"), members.string("password"));
		}
		catch (JsonException ex) {
			throw new IllegalStateException(
					"what " + this.service + " has is not a JSON object with the members username and password");
		}
	}

}
