package dev.switchboard.ops;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import dev.switchboard.drain.DrainSettings;
import dev.switchboard.handshake.ProxySettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** The chart's environment variables, as Spring Boot reads them. */
@Tag("helm")
class HelmSettingsIT {

	private final Manifests manifests = Manifests.of(Manifests.withSampleValues());

	@Test
	void shouldSayHowTokensAreChecked() {
		OAuth2ResourceServerProperties.Jwt jwt = bind("spring.security.oauth2.resourceserver",
				OAuth2ResourceServerProperties.class)
			.getJwt();
		assertThat(jwt.getIssuerUri()).isEqualTo("https://issuer.example");
		assertThat(jwt.getJwkSetUri()).isEqualTo("https://issuer.example/keys");
		assertThat(jwt.getAudiences()).containsExactly("switchboard", "gateway");
	}

	@Test
	void shouldMountThePublicKeyWhereItIsLookedFor() {
		assertThat(setting("spring.security.oauth2.resourceserver.jwt.public-key-location"))
			.isEqualTo("file:" + this.manifests.container()
				.<List<String>>read("volumeMounts[?(@.name == 'keys')].mountPath")
				.getFirst() + "/public-key.pem");
		String configMap = this.manifests.pod()
			.<List<String>>read("spec.volumes[?(@.name == 'keys')].configMap.name")
			.getFirst();
		assertThat(configMap(configMap).get("public-key.pem")).startsWith("-----BEGIN PUBLIC KEY-----\n")
			.endsWith("\n-----END PUBLIC KEY-----\n");
	}

	@Test
	void shouldConnectToTheDirectoryAsTheSecretSays() {
		R2dbcProperties r2dbc = bind("spring.r2dbc", R2dbcProperties.class);
		assertThat(r2dbc.getUrl()).isEqualTo("r2dbc:mysql://db.example:3306/switchboard");
		assertThat(r2dbc.getUsername()).isEqualTo("secret directory/username");
		assertThat(r2dbc.getPassword()).isEqualTo("secret directory/password");
	}

	@Test
	void shouldTellNodesTheirAddressAndTheirSecret() {
		assertThat(setting("switchboard.node.address")).isEqualTo("field status.podIP");
		assertThat(setting("switchboard.forwarding.secret")).isEqualTo("secret nodes/secret");
	}

	@Test
	void shouldTellWhichProxiesAreTrusted() {
		ProxySettings proxies = bind("switchboard.agent", ProxySettings.class);
		assertThat(proxies.trustedProxies()).containsExactly("10.0.0.0/8", "fd00::/8");
		assertThat(proxies.proxyProtocol()).isTrue();
	}

	@Test
	void shouldSayHowLongADrainTakes() {
		DrainSettings drain = bind("switchboard.drain", DrainSettings.class);
		assertThat(drain.announce()).isEqualTo(Duration.ofSeconds(5));
		assertThat(drain.within()).isEqualTo(Duration.ofSeconds(50));
	}

	@Test
	void shouldPassOtherSettingsOn() {
		assertThat(setting("switchboard.agent.heartbeat")).isEqualTo("20s");
	}

	private String setting(String property) {
		return bind(property, String.class);
	}

	private <T> T bind(String name, Class<T> type) {
		MutablePropertySources sources = new MutablePropertySources();
		sources.addFirst(new SystemEnvironmentPropertySource(
				StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables()));
		return new Binder(ConfigurationPropertySources.from(sources)).bind(name, type).get();
	}

	private Map<String, Object> variables() {
		String shared = this.manifests.container().read("envFrom[0].configMapRef.name");
		Map<String, Object> variables = new HashMap<>(configMap(shared));
		List<Map<String, Object>> own = this.manifests.container().read("env");
		own.forEach((variable) -> variables.put(JsonPath.read(variable, "$.name"), value(variable)));
		return variables;
	}

	private static Object value(Map<String, Object> variable) {
		if (variable.containsKey("value")) {
			return JsonPath.read(variable, "$.value");
		}
		Map<String, Map<String, String>> source = JsonPath.read(variable, "$.valueFrom");
		return source.containsKey("secretKeyRef")
				? "secret " + JsonPath.read(source, "$.secretKeyRef.name") + "/"
						+ JsonPath.read(source, "$.secretKeyRef.key")
				: "field " + JsonPath.read(source, "$.fieldRef.fieldPath");
	}

	private Map<String, String> configMap(String name) {
		return this.manifests.ofKind("ConfigMap")
			.filter((manifest) -> name.equals(manifest.read("metadata.name")))
			.map((manifest) -> manifest.<Map<String, String>>read("data"))
			.findFirst()
			.orElseThrow();
	}

}
