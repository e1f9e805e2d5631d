/** The far ends that go through an outage: strict servers, and how to read what has arrived at each. */
import { Effect, type Scope } from "effect"
import { bulk } from "../servers/bulk.ts"
import {
  accepted,
  type Collector,
  collector,
  type Received,
  type Reply,
  reset,
  said,
  storedAndReset
} from "../servers/Collector.ts"
import { entriesOf, loki } from "../servers/loki.ts"
import { faultOfRequest, logRecordsOf, uidOf } from "../servers/otlp.ts"
import { decodeRequest } from "../sinks/otlp/decoders.ts"

interface Arrived {
  readonly uid: string
  readonly number: number
}

export interface Destination {
  readonly far: Collector
  readonly url: string
  readonly stored: Reply
  readonly storedAndReset: Reply
  readonly arrived: () => ReadonlyArray<Arrived>
}

/** One that stores whole requests. */
const ofRequests = (
  server: Effect.Effect<Collector, never, Scope.Scope>,
  stored: Reply,
  arrivedIn: (received: Received) => ReadonlyArray<Arrived>
): Effect.Effect<Destination, never, Scope.Scope> =>
  Effect.map(server, (far) => ({
    far,
    url: far.url,
    stored,
    storedAndReset,
    arrived: () => far.stored.flatMap(arrivedIn)
  }))

/** The destinations by the names of their sinks. */
export const destinations: Readonly<Record<string, Effect.Effect<Destination, never, Scope.Scope>>> = {
  elasticsearch: Effect.map(bulk(), (server) => ({
    far: server.far,
    url: server.url,
    stored: server.reply,
    storedAndReset: (exchange) => {
      server.take(exchange.received)
      reset(exchange)
    },
    arrived: () => server.stored.map(({ id, line }) => ({ uid: id, number: Number(JSON.parse(line).message) }))
  })),
  http: ofRequests(
    collector({ contentType: "application/x-ndjson" }),
    accepted,
    ({ body }) =>
      body.toString().split("\n").filter((line) => line !== "").map((line) => {
        const { message, uid } = JSON.parse(line)
        return { uid, number: message }
      })
  ),
  loki: ofRequests(
    loki(),
    accepted,
    (received) =>
      entriesOf(received).map(({ line, metadata }) => ({
        uid: metadata["uid"] ?? "",
        number: JSON.parse(line).message
      }))
  ),
  otlp: ofRequests(
    collector({
      path: "/v1/logs",
      contentType: "application/x-protobuf",
      judge: ({ body }) => faultOfRequest(decodeRequest(body))
    }),
    said(200, ""),
    ({ body }) =>
      logRecordsOf(decodeRequest(body)).map((record) => ({
        uid: uidOf(record),
        number: Number(Object(record).body.intValue)
      }))
  )
}
