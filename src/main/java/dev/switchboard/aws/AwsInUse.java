package dev.switchboard.aws;

import java.util.Map;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Whether a setting of {@code switchboard.aws} is set. If none is set, no class of AWS is
 * loaded.
 */
final class AwsInUse implements Condition {

	@Override
	public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
		return isIn(context.getEnvironment());
	}

	static boolean isIn(Environment environment) {
		return Binder.get(environment).bind("switchboard.aws", Bindable.mapOf(String.class, Object.class)).isBound();
	}

}
