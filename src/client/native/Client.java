import sample.ApiClient;
import sample.model.Problem;

/** The part of the sample that differs between clients, for the generator's library {@code native}. */
final class Client {

	private Client() {
	}

	static ApiClient at(String url) {
		ApiClient client = new ApiClient();
		client.updateBaseUri(url);
		return client;
	}

	static Problem problem(String body) throws Exception {
		return new ApiClient().getObjectMapper().readValue(body, Problem.class);
	}

}
