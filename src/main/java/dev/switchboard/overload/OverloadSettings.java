package dev.switchboard.overload;

import java.time.Duration;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The marks beyond which this node is overloaded, and how much it then still does.
 *
 * @param enabled whether the node watches its load and refuses work
 * @param loopDelay the marks for the delay of an event loop
 * @param heap the marks for the part of the heap that is in use after collections
 * @param direct the marks for the part of the memory for direct buffers that is in use
 * @param minCalls the number of calls and pushes that each event loop takes in a second,
 * however overloaded it is
 * @param shedRate the percentage of its agents that an overloaded node moves to other
 * nodes in a second; 0 for none
 */
@Validated
@ConfigurationProperties("switchboard.overload")
public record OverloadSettings(@DefaultValue("true") boolean enabled, @DefaultValue @Valid Delays loopDelay,
		@DefaultValue @Valid Shares heap, @DefaultValue @Valid Shares direct,
		@DefaultValue("200") @Min(1) @Max(100_000) int minCalls,
		@DefaultValue("1") @DecimalMin("0") @DecimalMax("100") double shedRate) {

	/**
	 * The delays of an event loop beyond which the node does each step.
	 *
	 * @param handshakes the node refuses handshakes
	 * @param shedding the node also moves agents to other nodes
	 * @param calls the node also refuses calls
	 */
	public record Delays(
			@DefaultValue("150ms") @DurationMin(millis = 10) @DurationMax(seconds = 10) Duration handshakes,
			@DefaultValue("200ms") @DurationMin(millis = 10) @DurationMax(seconds = 10) Duration shedding,
			@DefaultValue("200ms") @DurationMin(millis = 10) @DurationMax(seconds = 10) Duration calls) {
	}

	/**
	 * The percentages of a memory beyond which the node does each step.
	 *
	 * @param handshakes the node refuses handshakes
	 * @param shedding the node also moves agents to other nodes
	 * @param calls the node also refuses calls
	 */
	public record Shares(@DefaultValue("85") @Min(1) @Max(100) int handshakes,
			@DefaultValue("90") @Min(1) @Max(100) int shedding, @DefaultValue("95") @Min(1) @Max(100) int calls) {
	}

}
