package dev.switchboard.contract;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class the one gateway in {@code dev} mode, with default settings, that the
 * classes of this package share, and checks its log when the class has ended.
 */
final class SharedGateway implements ParameterResolver, AfterAllCallback {

	private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(SharedGateway.class);

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == GatewayProcess.class;
	}

	@Override
	public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return gateway(context);
	}

	@Override
	public void afterAll(ExtensionContext context) {
		gateway(context).checkLog();
	}

	private static GatewayProcess gateway(ExtensionContext context) {
		return context.getRoot()
			.getStore(NAMESPACE)
			.computeIfAbsent(GatewayProcess.class, (_) -> GatewayProcess.start(), GatewayProcess.class);
	}

}
