package dev.switchboard.cluster.simulation;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.ConfigurationClassPostProcessor;
import org.springframework.context.annotation.ContextAnnotationAutowireCandidateResolver;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.core.env.StandardEnvironment;

/**
 * Wires nodes by the configurations of the product's own rooms. The configurations are
 * read once. Each node gets its own beans from them, and the simulated parts of its world
 * in place of the real ones: the clock, the random numbers, the database, the event
 * loops.
 */
final class NodeWiring {

	private static final String BASE = "dev.switchboard.";

	private static final List<String> CONFIGURATIONS = List.of("NodeStatusConfiguration",
			"listener.ListenerConfiguration", "database.DatabaseConfiguration", "node.NodeConfiguration",
			"directory.DirectoryConfiguration", "label.LabelConfiguration", "connection.ConnectionConfiguration",
			"quota.QuotaConfiguration", "quota.BudgetConfiguration", "event.EventConfiguration",
			"presence.PresenceConfiguration", "relay.RelayConfiguration", "handshake.HandshakeConfiguration",
			"tenant.TenantConfiguration", "routing.RoutingConfiguration", "forwarding.ForwardingConfiguration",
			"call.CallConfiguration", "usage.UsageConfiguration", "push.PushConfiguration",
			"diagnosis.DiagnosisConfiguration", "drain.DrainConfiguration", "overload.OverloadConfiguration");

	private static final List<String> SETTINGS = List.of("database.DatabaseSettings", "database.PoolSettings",
			"node.NodeSettings", "directory.DirectorySettings", "directory.PresenceSettings",
			"connection.ConnectionSettings", "connection.InFlightSettings", "connection.RateSettings",
			"quota.BudgetSettings", "quota.QuotaSettings", "tenant.KnowledgeSettings", "event.EventSettings",
			"listener.ListenerSettings", "relay.RelaySettings", "relay.WebhookSettings", "handshake.AgentPortSettings",
			"handshake.AgentTlsSettings", "handshake.ProxySettings", "handshake.SourceSettings",
			"forwarding.ForwardingSettings", "forwarding.ForwardingTlsSettings", "push.PushSettings",
			"diagnosis.DiagnosisSettings", "drain.DrainSettings", "overload.OverloadSettings", "dns.DnsSettings");

	/**
	 * Beans that are replaced, or that need real HTTP: {@code HandshakeOpener} takes the
	 * place of the agent port.
	 */
	private static final List<String> LEFT_OUT = List.of("connectionFactory", "nodeResolver", "agentServer",
			"agentEndpoint", "agentUpgrades", "startReport");

	private static final Map<String, AbstractBeanDefinition> DEFINITIONS = definitions();

	private static final Map<Map<String, String>, Map<String, Object>> BOUND = new ConcurrentHashMap<>();

	private NodeWiring() {
	}

	private static Map<String, AbstractBeanDefinition> definitions() {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		StandardEnvironment environment = new StandardEnvironment();
		AnnotatedBeanDefinitionReader reader = new AnnotatedBeanDefinitionReader(beans, environment);
		CONFIGURATIONS.forEach((name) -> reader.register(type(name)));
		ConfigurationClassPostProcessor processor = new ConfigurationClassPostProcessor();
		processor.setEnvironment(environment);
		processor.processConfigBeanDefinitions(beans);
		Map<String, AbstractBeanDefinition> definitions = new TreeMap<>();
		for (String name : beans.getBeanDefinitionNames()) {
			if (!name.startsWith("org.springframework.") && !name.endsWith("Settings") && !LEFT_OUT.contains(name)) {
				definitions.put(name, (AbstractBeanDefinition) beans.getBeanDefinition(name));
			}
		}
		return definitions;
	}

	private static Class<?> type(String name) {
		try {
			return Class.forName(BASE + name);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException("the wiring of simulated nodes names a class that is gone", ex);
		}
	}

	/**
	 * Returns the beans of a new node, none of which is made yet.
	 * @param properties the node's settings, as in its configuration
	 * @param parts the simulated parts by the names of their beans
	 */
	static DefaultListableBeanFactory beans(Map<String, String> properties, Map<String, Object> parts) {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		beans.setAutowireCandidateResolver(new ContextAnnotationAutowireCandidateResolver());
		beans.setDependencyComparator(AnnotationAwareOrderComparator.INSTANCE);
		DEFINITIONS.forEach((name, definition) -> beans.registerBeanDefinition(name, definition.cloneBeanDefinition()));
		BOUND.computeIfAbsent(properties, NodeWiring::bind).forEach(beans::registerSingleton);
		parts.forEach(beans::registerSingleton);
		// As a real context does before it makes beans. Then it remembers the beans of a
		// type.
		beans.freezeConfiguration();
		return beans;
	}

	private static Map<String, Object> bind(Map<String, String> properties) {
		Binder binder = new Binder(new MapConfigurationPropertySource(properties));
		Map<String, Object> bound = new TreeMap<>();
		SETTINGS.forEach((name) -> {
			Class<?> type = type(name);
			bound.put(name, binder.bindOrCreate(type.getAnnotation(ConfigurationProperties.class).value(), type));
		});
		return bound;
	}

}
