package dev.switchboard.token;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.core.io.FileSystemResource;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

import static org.assertj.core.api.Assertions.assertThat;

class TokenCommandTests {

	@TempDir
	private Path folder;

	@BeforeEach
	void makeKeys() {
		assertThat(run("keys", "--out", this.folder.toString()).status).isZero();
	}

	@Test
	void shouldSignATokenThatANodeAccepts() {
		Jwt token = accepted("--tenant=demo", "--scope=agent:call,agent:read", "--subject=backend");

		assertThat(token.getSubject()).isEqualTo("backend");
		assertThat(token.getAudience()).containsExactly("switchboard");
		assertThat(ClaimNames.DEFAULT.grantOf(token))
			.isEqualTo(new Grant("demo", "backend", Set.of("agent:call", "agent:read")));
	}

	@Test
	void shouldSignAnAgentsToken() {
		Jwt token = accepted("--tenant=demo", "--agent=till:7");

		assertThat(token.getSubject()).isEqualTo("till:7");
		assertThat(ClaimNames.DEFAULT.grantOf(token).scopes()).containsExactly("agent:connect");
	}

	@Test
	void shouldSignATokenForSomeMethods() {
		Jwt token = accepted("--tenant=demo", "--scope=agent:call:config.*,agent:call:info");

		assertThat(AllowedMethods.of(ClaimNames.DEFAULT.grantOf(token).scopes(), "agent:call").patterns())
			.containsExactly("config.*", "info");
	}

	@Test
	void shouldSignATokenForAllTenants() {
		assertThat(ClaimNames.DEFAULT.grantOf(accepted("--tenant=*", "--scope=admin")).isFor("any")).isTrue();
	}

	/** In centrifugal/centrifugo#769 the option was ignored, and the default was used. */
	@ParameterizedTest
	@CsvSource({ "30s, PT30S", "15m, PT15M", "24h, PT24H" })
	void shouldLiveAsLongAsItIsTold(String life, Duration expected) throws Exception {
		JWTClaimsSet claims = claims("--tenant=demo", "--scope=admin", "--life=" + life);

		assertThat(Duration.between(claims.getIssueTime().toInstant(), claims.getExpirationTime().toInstant()))
			.isEqualTo(expected);
	}

	/**
	 * TOKEN=$(...) has to work; in mike-engel/jwt-cli#3 and cloudfoundry/cli#752 it did
	 * not.
	 */
	@Test
	void shouldPrintTheTokenAndNothingElse() {
		Output output = run("--tenant=demo", "--scope=agent:call", "--key=" + this.folder.resolve("private.pem"));

		assertThat(output.out).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\\R");
		assertThat(output.err).isEmpty();
	}

	/** In gobby/libinfinity#11, everybody on the machine could read the private key. */
	@Test
	void shouldMakeAPrivateKeyThatNobodyElseCanRead() throws Exception {
		assertThat(Files.getPosixFilePermissions(this.folder.resolve("private.pem")))
			.containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
	}

	/**
	 * In mercuretechnologies/xprem#124, a second run replaced the key that was in use.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "private.pem", "public.pem" })
	void shouldNotReplaceKeys(String missing) throws Exception {
		Files.delete(this.folder.resolve(missing));
		Path left = this.folder.resolve(missing.equals("private.pem") ? "public.pem" : "private.pem");
		String before = Files.readString(left);

		Output output = run("keys", "--out", this.folder.toString());

		assertThat(output.status).isOne();
		assertThat(output.err).contains(left.toString(), "stays as it is");
		assertThat(left).hasContent(before);
		assertThat(this.folder.resolve(missing)).doesNotExist();
	}

	@Test
	void shouldSayHowANodeChecksWithTheKeys() {
		assertThat(run("keys", "--out", this.folder.resolve("more").toString()).out).contains(
				"--switchboard.security.mode=jwt", "public-key-location=file:" + this.folder.resolve("more/public.pem"),
				"audiences=switchboard", "token --tenant demo --agent laptop-1 --key");
	}

	@ParameterizedTest
	@ValueSource(strings = { "--scope=agent:call", "--tenant=demo", "--tenant=.demo --scope=admin",
			"--tenant=demo --scope=agent:cal", "--tenant=demo --scope=admin:info", "--tenant=demo --scope=agent:call:",
			"--tenant=demo --agent=a b", "--tenant=demo --agent=*", "--tenant=demo --agent=a --scope=admin",
			"--tenant=demo --scope=admin --life=25h", "--tenant=demo --scope=admin --life=1",
			"--tenant=demo --scope=admin --life=-1h" })
	void shouldRefuseWhatNoNodeWouldAccept(String options) {
		Output output = run(options.split(" (?=--)"));

		assertThat(output.status).isEqualTo(2);
		assertThat(output.out).isEmpty();
		assertThat(output.err).isNotEmpty();
	}

	@Test
	void shouldSayThatThereIsNoKey() throws Exception {
		Path none = this.folder.resolve("none.pem");
		for (Path key : List.of(none, Files.writeString(this.folder.resolve("bad.pem"), "a key"))) {
			Output output = run("--tenant=demo", "--scope=admin", "--key=" + key);
			assertThat(output.status).isOne();
			assertThat(output.err).contains(key.toString(), "token keys").doesNotContain("\tat ");
		}
	}

	private Jwt accepted(String... options) {
		OAuth2ResourceServerProperties properties = new OAuth2ResourceServerProperties();
		properties.getJwt().setPublicKeyLocation(new FileSystemResource(this.folder.resolve("public.pem")));
		properties.getJwt().setAudiences(List.of("switchboard"));
		ReactiveJwtDecoder node = TestDecoder.of(properties);
		return Objects.requireNonNull(node.decode(token(options)).block(Duration.ofSeconds(30)));
	}

	private JWTClaimsSet claims(String... options) throws Exception {
		return SignedJWT.parse(token(options)).getJWTClaimsSet();
	}

	private String token(String... options) {
		String[] all = Arrays.copyOf(options, options.length + 1);
		all[options.length] = "--key=" + this.folder.resolve("private.pem");
		Output output = run(all);
		assertThat(output.status).as(output.err).isZero();
		return output.out.strip();
	}

	private static Output run(String... args) {
		StringWriter out = new StringWriter();
		StringWriter err = new StringWriter();
		CommandLine command = new CommandLine(new TokenCommand()).setOut(new PrintWriter(out, true))
			.setErr(new PrintWriter(err, true));
		return new Output(command.execute(args), out.toString(), err.toString());
	}

	private record Output(int status, String out, String err) {
	}

}
