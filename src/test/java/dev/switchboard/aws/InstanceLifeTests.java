package dev.switchboard.aws;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.matching.RequestPatternBuilder;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Sinks;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

class InstanceLifeTests {

	private static final String STATE = "autoscaling/target-lifecycle-state";

	private final WireMockServer server = TestAws.server();

	private final AtomicInteger drains = new AtomicInteger();

	private final Sinks.Empty<Void> drained = Sinks.empty();

	private volatile boolean registered = true;

	@SuppressWarnings("NullAway.Init")
	private TestMetadata metadata;

	private @Nullable InstanceLife life;

	@BeforeEach
	void start() {
		this.server.start();
		this.metadata = new TestMetadata(this.server);
		this.metadata.item("instance-id", "one", "i-0123");
		this.metadata.item(STATE, "one", "InService");
		answer("", accepted());
	}

	@AfterEach
	void stop() {
		if (this.life != null) {
			this.life.stop();
		}
		this.server.stop();
	}

	private static ResponseDefinitionBuilder accepted() {
		return TestAws.xml(200, "<CompleteLifecycleActionResponse><CompleteLifecycleActionResult/>"
				+ "</CompleteLifecycleActionResponse>");
	}

	private void answer(String body, ResponseDefinitionBuilder answer) {
		this.server.stubFor(post(urlEqualTo("/")).withRequestBody(containing(body)).willReturn(answer));
	}

	private InstanceLife life() {
		InstanceMetadata instance = new InstanceMetadata(URI.create(this.server.baseUrl()));
		Duration quick = Duration.ofMillis(20);
		AutoScalingSettings settings = new AutoScalingSettings("group-1", "terminating", "launching", quick, quick);
		LifecycleHooks hooks = new LifecycleHooks(
				AwsCalls.client(TestAws.settings(this.server), AutoScalingClient.builder()), "group-1",
				instance.get("instance-id"), quick, new Backoff(quick, quick, Chance.SYSTEM));
		InstanceLife started = new InstanceLife(settings, instance, hooks, () -> this.registered, () -> {
			this.drains.incrementAndGet();
			return this.drained.asMono();
		});
		this.life = started;
		started.start();
		return started;
	}

	private static RequestPatternBuilder action(String name, String hook) {
		return postRequestedFor(urlEqualTo("/")).withRequestBody(containing("Action=" + name))
			.withRequestBody(containing("AutoScalingGroupName=group-1"))
			.withRequestBody(containing("LifecycleHookName=" + hook))
			.withRequestBody(containing("InstanceId=i-0123"));
	}

	private static RequestPatternBuilder completion(String hook) {
		return action("CompleteLifecycleAction", hook).withRequestBody(containing("LifecycleActionResult=CONTINUE"));
	}

	private int count(RequestPatternBuilder pattern) {
		return this.server.findAll(pattern).size();
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30));
	}

	/** Waits until the instance's state has been read this many times more. */
	private void awaitLooks(int more) {
		RequestPatternBuilder look = getRequestedFor(urlEqualTo("/latest/meta-data/" + STATE));
		int seen = count(look);
		await().until(() -> count(look) >= seen + more);
	}

	@Test
	void shouldDoNothingWhileTheInstanceIsInService() {
		life();
		awaitLooks(3);
		assertThat(this.drains).hasValue(0);
		assertThat(count(postRequestedFor(anyUrl()))).isZero();
	}

	@Test
	void shouldDrainOnceWithHeartbeatsAndCompleteTheHookAfterTheDrain() {
		life();
		this.metadata.item(STATE, "one", "Terminated");
		await().until(() -> count(action("RecordLifecycleActionHeartbeat", "terminating")) >= 3);
		assertThat(count(completion("terminating"))).isZero();
		this.drained.tryEmitEmpty();
		await().until(() -> count(completion("terminating")) == 1);
		awaitLooks(3);
		assertThat(this.drains).hasValue(1);
		assertThat(count(completion("terminating"))).isEqualTo(1);
	}

	@Test
	void shouldSendNoHeartbeatAfterTheHookIsCompleted() {
		life();
		this.metadata.item(STATE, "one", "Terminated");
		this.drained.tryEmitEmpty();
		await().until(() -> count(completion("terminating")) == 1);
		awaitLooks(5);
		int beats = count(action("RecordLifecycleActionHeartbeat", "terminating"));
		awaitLooks(5);
		assertThat(count(action("RecordLifecycleActionHeartbeat", "terminating"))).isEqualTo(beats);
	}

	@Test
	void shouldCompleteTheHookThoughTheDrainFails() {
		life();
		this.metadata.item(STATE, "one", "Terminated");
		this.drained.tryEmitError(new IllegalStateException("no node is left"));
		await().until(() -> count(completion("terminating")) == 1);
	}

	@Test
	void shouldTryToCompleteTheHookUntilAutoScalingAnswers() {
		failOnce("Started", "Throttled", TestAws.refusal(400, "Throttling", "Rate exceeded"));
		failOnce("Throttled", "Expired", TestAws.refusal(403, "ExpiredToken", "The security token is expired"));
		failOnce("Expired", "Done", accepted());
		life();
		this.drained.tryEmitEmpty();
		this.metadata.item(STATE, "one", "Terminated");
		await().until(() -> count(completion("terminating")) == 3);
		awaitLooks(5);
		assertThat(count(completion("terminating"))).isEqualTo(3);
	}

	private void failOnce(String state, String next, ResponseDefinitionBuilder answer) {
		this.server.stubFor(post(urlEqualTo("/")).inScenario("complete")
			.whenScenarioStateIs(state)
			.withRequestBody(containing("CompleteLifecycleAction"))
			.willSetStateTo(next)
			.willReturn(answer));
	}

	@Test
	void shouldTakeAHookThatWaitsForNothingAsCompleted() {
		answer("CompleteLifecycleAction",
				TestAws.refusal(400, "ValidationError", "No active Lifecycle Action found with instance ID i-0123"));
		life();
		this.metadata.item(STATE, "one", "Terminated");
		this.drained.tryEmitEmpty();
		await().until(() -> count(completion("terminating")) == 1);
		awaitLooks(5);
		assertThat(count(completion("terminating"))).isEqualTo(1);
	}

	@Test
	void shouldDrainWhenEc2TakesASpotInstanceBack() {
		life();
		this.metadata.item("spot/instance-action", "one",
				"{\"action\":\"terminate\",\"time\":\"2031-01-01T00:00:00Z\"}");
		await().until(() -> this.drains.get() == 1);
		this.metadata.item(STATE, "one", "Terminated");
		this.drained.tryEmitEmpty();
		await().until(() -> count(completion("terminating")) == 1);
		assertThat(this.drains).hasValue(1);
	}

	@Test
	void shouldGoOnLookingWhenTheMetadataAreAway() {
		this.server.stubFor(get(anyUrl()).atPriority(1).willReturn(serverError()));
		life();
		awaitLooks(3);
		this.server.resetMappings();
		start();
		this.metadata.item(STATE, "one", "Terminated");
		await().until(() -> this.drains.get() == 1);
	}

	@Test
	void shouldCompleteTheLaunchOnceTheNodeIsReadyAndListed() {
		this.registered = false;
		InstanceLife started = life();
		started.onApplicationEvent(new AvailabilityChangeEvent<>(this, ReadinessState.ACCEPTING_TRAFFIC));
		awaitLooks(2);
		assertThat(count(completion("launching"))).isZero();
		this.registered = true;
		await().until(() -> count(completion("launching")) == 1);
		started.onApplicationEvent(new AvailabilityChangeEvent<>(this, ReadinessState.REFUSING_TRAFFIC));
		started.onApplicationEvent(new AvailabilityChangeEvent<>(this, ReadinessState.ACCEPTING_TRAFFIC));
		awaitLooks(5);
		assertThat(count(completion("launching"))).isEqualTo(1);
	}

}
