import java.util.List;
import java.util.Map;

import sample.ApiException;
import sample.api.AgentsApi;
import sample.api.CallsApi;
import sample.api.PushesApi;
import sample.model.Agent;
import sample.model.CallResponse;
import sample.model.CallState;
import sample.model.Completed;
import sample.model.Failed;
import sample.model.Message;
import sample.model.Pending;
import sample.model.Problem;
import sample.model.PushMessage;
import sample.model.Rejected;
import sample.model.Status;

/** Calls a sample agent with a client that was generated from the API's document, and prints the answers. */
public final class Sample {

	private static final String TENANT = "demo";

	private static final String AGENT = "laptop-1";

	private final CallsApi calls;

	private Sample(String url) {
		this.calls = new CallsApi(Client.at(url));
	}

	public static void main(String[] args) throws Exception {
		Sample sample = new Sample(args[0]);
		sample.print(sample.call("echo", Map.of("hello", "world"), null));
		sample.print(sample.call("fail", null, null));
		Object pending = sample.call("sleep", Map.of("millis", 60000), "respond-async");
		sample.print(pending);
		sample.print(sample.calls.getCall(TENANT, ((Pending) pending).getId()).getActualInstance());
		sample.print(sample.calls.cancelCall(TENANT, ((Pending) pending).getId()).getActualInstance());
		try {
			sample.calls.call(TENANT, "nobody", new Message().method("echo"), null, null, null, null, null);
		}
		catch (ApiException ex) {
			Problem problem = Client.problem(ex.getResponseBody());
			System.out.println("problem " + ex.getCode() + " " + problem.getType().getValue() + " "
					+ problem.getOutcome().getValue());
		}
		System.out.println("pushed " + new PushesApi(Client.at(args[0])).push(TENANT, AGENT, new PushMessage().method("note"), null).getOutcome().getValue());
		AgentsApi agents = new AgentsApi(Client.at(args[0]));
		List<Agent> page = agents.listAgents(TENANT, Status.ONLINE, null, 10, null).getAgents();
		System.out.println("agents " + page.stream().map(Agent::getAgent).toList());
		System.out.println("presence " + agents.getAgent(TENANT, AGENT).getStatus().getValue());
	}

	private Object call(String method, Object payload, String prefer) throws ApiException {
		Message message = new Message().method(method).payload(payload);
		CallResponse response = this.calls.call(TENANT, AGENT, message, prefer, null, null, null, null);
		return response.getActualInstance();
	}

	private void print(Object answer) {
		System.out.println(switch (answer) {
			case Completed completed -> "completed " + completed.getPayload();
			case Rejected rejected -> "rejected " + rejected.getError().getCode();
			case Pending pending -> "pending " + (pending.getId() != null);
			case Failed failed -> failed.getOutcome().getValue() + " " + failed.getProblem().getStatus();
			default -> "untyped " + answer.getClass();
		});
	}

}
