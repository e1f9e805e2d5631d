/**
 * The far end of every candidate, in a process of its own. It keeps the bodies it is sent and answers at once, as the
 * protocol wants; only between runs does it read them.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { workloadOf } from "../workload.ts"
import { Body } from "./Body.ts"
import type { Judged, Received } from "./FarEnd.ts"
import { type Expected, judge } from "./judge.ts"
import { elasticsearch } from "./protocols/elasticsearch.ts"
import { http } from "./protocols/http.ts"
import { loki } from "./protocols/loki.ts"
import { otlp } from "./protocols/otlp.ts"
import type { Answer, Protocol } from "./protocols/protocol.ts"

/** Longer than any loop that does not look at its connections. */
const idleMillis = 120_000

interface Kept {
  readonly protocol: Protocol
  readonly body: Body
}

let kept: Array<Kept> = []

const protocolOf = (path: string): Protocol => [otlp, loki, http].find(({ takes }) => takes(path)) ?? elasticsearch

const answerTo = (request: IncomingMessage, sent: Buffer): Answer => {
  const { pathname: path, searchParams: parameters } = new URL(request.url ?? "/", "http://far.end")
  if (path === "/received") return json(received())
  if (path === "/judged") return json(judged(expectedIn(parameters)))
  const protocol = protocolOf(path)
  const body = new Body(sent, request.headers["content-type"] ?? "", request.headers["content-encoding"] ?? "")
  if (protocol.takes(path)) kept.push({ protocol, body })
  return protocol.answer({ path, parameters, body })
}

const json = (value: Received | Judged): Answer => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value)
})

const received = (): Received => ({
  requests: kept.length,
  bytes: kept.reduce((sum, { body }) => sum + body.sent.length, 0),
  events: kept.reduce((sum, { body }) => sum + body.events, 0)
})

/** What arrived since the last time, which is then forgotten. */
const judged = (expected: Expected): Judged => {
  const all = received()
  const records = kept.flatMap(({ body, protocol }) => protocol.records(body))
  kept = []
  return { ...all, ...judge(records, expected) }
}

const expectedIn = (parameters: URLSearchParams): Expected => ({
  workload: workloadOf(parameters.get("workload") ?? ""),
  events: Number(parameters.get("events"))
})

const respond = (response: ServerResponse, { body = "", headers = {}, status }: Answer): void => {
  response.writeHead(status, status === 204 ? headers : { ...headers, "content-length": Buffer.byteLength(body) })
  response.end(body)
}

const server = createServer({ keepAliveTimeout: idleMillis, requestTimeout: 0 }, (request, response) => {
  const chunks: Array<Buffer> = []
  request.on("data", (chunk: Buffer) => chunks.push(chunk))
  request.on("end", () => respond(response, answerTo(request, Buffer.concat(chunks))))
})

server.listen(0, "127.0.0.1", () => {
  const address = server.address()
  if (typeof address === "object") process.send?.(`http://127.0.0.1:${address?.port}`)
})
process.on("disconnect", () => process.exit())
