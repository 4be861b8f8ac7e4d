package dev.switchboard.forwarding;

/**
 * Says whether nodes must show each other a secret. The room {@code security} provides
 * the bean.
 */
public record SecretPolicy(boolean required) {
}
