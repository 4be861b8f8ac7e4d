import sample.ApiClient;
import sample.model.Problem;

/** The part of the sample that differs between clients, for the generator's default library, {@code okhttp-gson}. */
final class Client {

	private Client() {
	}

	static ApiClient at(String url) {
		return new ApiClient().setBasePath(url);
	}

	static Problem problem(String body) throws Exception {
		return Problem.fromJson(body);
	}

}
