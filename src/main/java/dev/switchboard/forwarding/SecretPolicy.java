package dev.switchboard.forwarding;

/**
 * Says whether nodes must show each other a secret. The room with the security settings
 * provides the bean.
 */
public record SecretPolicy(boolean required) {
}
