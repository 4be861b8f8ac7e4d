package dev.switchboard;

import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the clocks and the random numbers that all rooms use. */
@Configuration(proxyBeanMethods = false)
class TimeConfiguration {

	@Bean
	TimeSource timeSource() {
		return TimeSource.SYSTEM;
	}

	@Bean
	Chance chance() {
		return Chance.SYSTEM;
	}

}
