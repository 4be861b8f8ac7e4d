package dev.switchboard.connection;

import java.time.Duration;

import jakarta.validation.constraints.Positive;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What an agent may send in a second. It may send four times as much at once. An agent
 * that sends more is read more slowly. Answers that a caller waits for do not count.
 *
 * @param messageRate the number of messages; each 16 fragments count as one more
 * @param controlRate the number of pings, pongs and Close frames
 * @param byteRate the number of bytes
 * @param floodPatience how long an agent may send as fast as it is read before it is
 * closed
 */
@Validated
@ConfigurationProperties("switchboard.agent")
record RateSettings(@DefaultValue("5000") @Positive int messageRate, @DefaultValue("100") @Positive int controlRate,
		@DefaultValue("32MB") DataSize byteRate,
		@DefaultValue("30s") @DurationMin(seconds = 1) Duration floodPatience) {
}
