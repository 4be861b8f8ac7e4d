package dev.switchboard.relay;

/**
 * A webhook with what a node needs to deliver to it.
 *
 * @param webhook the webhook
 * @param secret the key of its signatures
 * @param version rises with each change of the webhook
 */
record SignedWebhook(Webhook webhook, SigningSecret secret, long version) {
}
