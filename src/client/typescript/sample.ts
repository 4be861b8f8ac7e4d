// Calls a sample agent with types that were generated from the API's document, and prints what comes.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

const client = createClient<paths>({ baseUrl: process.argv[2] });
const path = { tenant: "demo", agent: "laptop-1" };

function text(answer: components["schemas"]["CallResponse"] | components["schemas"]["CallState"]): string {
  switch (answer.outcome) {
    case "completed":
      return `completed ${JSON.stringify(answer.payload)}`;
    case "rejected":
      return `rejected ${answer.error.code}`;
    case "pending":
      return `pending ${answer.id.length > 0}`;
    default:
      return `${answer.outcome} ${answer.problem.status}`;
  }
}

async function call(method: string, payload: unknown, prefer?: string) {
  const { data } = await client.POST("/v1/tenants/{tenant}/agents/{agent}/calls", {
    params: { path, header: prefer === undefined ? {} : { Prefer: prefer } },
    body: { method, payload },
  });
  if (data === undefined) {
    throw new Error("no answer");
  }
  console.log(text(data));
  return data;
}

await call("echo", { hello: "world" });
await call("fail", null);
const { id } = await call("sleep", { millis: 60000 }, "respond-async");
const state = await client.GET("/v1/tenants/{tenant}/calls/{id}", { params: { path: { tenant: path.tenant, id } } });
console.log(text(state.data!));
const cancelled = await client.DELETE("/v1/tenants/{tenant}/calls/{id}", { params: { path: { tenant: path.tenant, id } } });
console.log(text(cancelled.data!));
const { error } = await client.POST("/v1/tenants/{tenant}/agents/{agent}/calls", {
  params: { path: { tenant: "demo", agent: "nobody" } },
  body: { method: "echo" },
});
console.log(`problem ${error!.status} ${error!.type} ${error!.outcome}`);
const pushed = await client.POST("/v1/tenants/{tenant}/agents/{agent}/pushes", { params: { path }, body: { method: "note" } });
console.log(`pushed ${pushed.data!.outcome}`);
