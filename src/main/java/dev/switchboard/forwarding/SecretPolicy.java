package dev.switchboard.forwarding;

/**
 * Whether nodes have to share a secret before they serve each other. The room that knows
 * how the node is protected provides the bean.
 */
public record SecretPolicy(boolean required) {
}
