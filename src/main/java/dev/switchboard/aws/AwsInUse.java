package dev.switchboard.aws;

import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Whether a setting of {@code switchboard.aws} is set, or a relay of events to AWS. If
 * none is set, no class of AWS is loaded.
 */
final class AwsInUse implements Condition {

	private static final List<String> PREFIXES = List.of("switchboard.aws", "switchboard.events.sqs",
			"switchboard.events.sns");

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		return isIn(context.getEnvironment());
	}

	static boolean isIn(Environment environment) {
		Binder binder = Binder.get(environment);
		return PREFIXES.stream()
			.anyMatch((prefix) -> binder.bind(prefix, Bindable.mapOf(String.class, Object.class)).isBound());
	}

}
