package dev.switchboard.diagnosis;

import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How much this node remembers for diagnoses.
 *
 * @param maxEntries how many entries the node remembers in all: ended connections,
 * refused handshakes and calls. Beyond this number, the entries of some agents are
 * forgotten
 */
@Validated
@ConfigurationProperties("switchboard.diagnosis")
record DiagnosisSettings(@DefaultValue("100000") @Min(100) int maxEntries) {
}
