package dev.switchboard.forwarding;

/**
 * Whether nodes have to share a secret before they serve each other. The room with the
 * security settings provides the bean.
 */
public record SecretPolicy(boolean required) {
}
