package dev.switchboard.aws;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.awspring.cloud.autoconfigure.sqs.SqsProperties;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A server of queues in this process, and a client that reads them. */
public final class TestElasticMq implements AutoCloseable {

	private final SQSRestServer server = SQSRestServerBuilder.withInterface("127.0.0.1").withDynamicPort().start();

	public final URI endpoint = endpoint(this.server.waitUntilStarted().localAddress());

	final SqsAsyncClient client = client();

	private static URI endpoint(InetSocketAddress address) {
		return URI.create("http://127.0.0.1:" + address.getPort());
	}

	/** Makes a client as a node makes it. */
	SqsAsyncClient client() {
		return AsyncCalls.client(TestAws.settings(this.endpoint), new SqsProperties(), "", SqsAsyncClient.builder());
	}

	/** Makes a queue, and returns its URL. */
	public String make(String queue) {
		Map<QueueAttributeName, String> attributes = queue.endsWith(".fifo")
				? Map.of(QueueAttributeName.FIFO_QUEUE, "true") : Map.of();
		return this.client.createQueue((request) -> request.queueName(queue).attributes(attributes)).join().queueUrl();
	}

	/** Takes all messages out of a queue. */
	public List<Message> drain(String url) {
		List<Message> all = new ArrayList<>();
		while (true) {
			List<Message> some = this.client
				.receiveMessage((request) -> request.queueUrl(url)
					.maxNumberOfMessages(10)
					.messageAttributeNames("All")
					.messageSystemAttributeNames(MessageSystemAttributeName.ALL))
				.join()
				.messages();
			if (some.isEmpty()) {
				return all;
			}
			List<DeleteMessageBatchRequestEntry> taken = some.stream()
				.map((message) -> DeleteMessageBatchRequestEntry.builder()
					.id(message.messageId())
					.receiptHandle(message.receiptHandle())
					.build())
				.toList();
			this.client.deleteMessageBatch((request) -> request.queueUrl(url).entries(taken)).join();
			all.addAll(some);
		}
	}

	/** Stops the server, but not the client. */
	void stopServer() {
		this.server.stopAndWait();
	}

	@Override
	public void close() {
		this.client.close();
		this.server.stopAndWait();
	}

}
