package dev.switchboard.relay;

import java.util.List;

import dev.switchboard.problem.ProblemException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WebhookUrlTests {

	private static final AddressGuard NONE = new AddressGuard(List.of());

	private static final AddressGuard LOOPBACK = new AddressGuard(List.of("127.0.0.0/8"));

	@ParameterizedTest
	@ValueSource(strings = { "https://example.com/hook", "https://example.com:8443/a?b=c", "HTTPS://EXAMPLE.COM",
			"https://8.8.8.8/x", "https://[2606:4700:4700::1111]/x" })
	void shouldAcceptUrlsOfPublicReceivers(String url) {
		WebhookUrl.check(url, NONE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://127.0.0.1:8000/x", "https://127.0.0.1/x", "http://localhost/x",
			"http://receiver.internal/x" })
	void shouldAcceptUrlsOfAllowedNetworks(String url) {
		WebhookUrl.check(url, LOOPBACK);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "http://example.com/x | https", "ftp://example.com/x | https",
			"example.com | https", "https:///x | host", "https://ex ample.com | ASCII",
			"https://u:p@example.com/ | user", "https://example.com/#f | fragment", "https://example.com:99999/ | port",
			"https://127.0.0.1/ | 127.0.0.1", "https://[::1]/ | 0:0:0:0:0:0:0:1", "https://10.1.2.3/ | 10.1.2.3",
			"https://169.254.169.254/latest | 169.254.169.254", "https://localhost/ | 127.0.0.1",
			"https://a.localhost/ | 127.0.0.1", "https://[::ffff:127.0.0.1]/ | 127.0.0.1",
			"https://[::ffff:7f00:1]/ | 127.0.0.1", "https://2130706433/ | host", "https://0x7f.1/ | host",
			"https://127.1/ | host", "https://%31 | host" })
	void shouldSayWhatIsWrong(String url, String part) {
		assertThatThrownBy(() -> WebhookUrl.check(url, NONE)).isInstanceOf(ProblemException.class)
			.hasMessageStartingWith("url ")
			.hasMessageContaining(part);
	}

}
