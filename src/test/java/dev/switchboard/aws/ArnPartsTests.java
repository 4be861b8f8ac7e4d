package dev.switchboard.aws;

import jakarta.validation.Validation;
import jakarta.validation.Validator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ArnPartsTests {

	private static final Validator VALIDATOR = Validation.buildDefaultValidatorFactory().getValidator();

	@Test
	void shouldReadAnArn() {
		assertThat(ArnParts.find("arn:aws-cn:sqs:cn-north-1:123456789012:events.fifo"))
			.isEqualTo(new ArnParts("cn-north-1", "123456789012", "events.fifo"));
		assertThat(ArnParts.find("events")).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "arn:aws:sns:eu-west-1:123456789012:events, eu-west-1",
			"https://sqs.eu-west-1.amazonaws.com/123456789012/events, eu-west-1",
			"https://sqs.cn-north-1.amazonaws.com.cn/123456789012/events, cn-north-1",
			"http://127.0.0.1:9324/000000000000/events,", "events," })
	void shouldReadTheRegionThatAQueueOrTopicNames(String text, String region) {
		assertThat(ArnParts.regionOf(text)).isEqualTo(region);
	}

	@ParameterizedTest
	@ValueSource(strings = { "events", "events.fifo", "arn:aws:sqs:eu-west-1:123456789012:events",
			"https://sqs.eu-west-1.amazonaws.com/123456789012/events" })
	void shouldTakeQueues(String queue) {
		assertThat(VALIDATOR.validate(new SqsSettings(queue))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "my events", "events.fifo.fifo", "arn:aws:sns:eu-west-1:123456789012:events" })
	void shouldRefuseWhatIsNoQueue(String queue) {
		assertThat(VALIDATOR.validate(new SqsSettings(queue))).singleElement()
			.extracting("message")
			.isEqualTo("must be the name, the URL or the ARN of a queue");
	}

	@ParameterizedTest
	@ValueSource(strings = { "events", "arn:aws:sns:eu-west-1:123456789012:events.fifo" })
	void shouldTakeTopics(String topic) {
		assertThat(VALIDATOR.validate(new SnsSettings(topic))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "https://events", "arn:aws:sqs:eu-west-1:123456789012:events" })
	void shouldRefuseWhatIsNoTopic(String topic) {
		assertThat(VALIDATOR.validate(new SnsSettings(topic))).singleElement()
			.extracting("message")
			.isEqualTo("must be the ARN or the name of a topic");
	}

}
