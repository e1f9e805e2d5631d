import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, Path } from "effect"
import { start } from "../process/program.ts"
import { asked } from "../support/httpClient.ts"
import { blocksOf, examplesFolder, page } from "./pages.ts"

type Fields = Readonly<Record<string, unknown>>

const recordOf = (json: string): Fields => Object(JSON.parse(json))

/** A record without what is another each time. */
const timeless = (record: Fields): unknown => {
  const { fiberId: _id, timestamp: _time, annotations, ...rest } = record
  const { "event.duration_ms": _took, ...said } = Object(annotations)
  return { ...rest, said: Object.entries(said) }
}

layer(NodeServices.layer, { excludeTestServices: true })("docs/access-log.md", (it) => {
  describe("access-log.ts", () => {
    it.effect("prints the record of a request, as the page shows it, and none of its health", () =>
      Effect.gen(function*() {
        const path = (yield* Path.Path).join(yield* examplesFolder, "access-log.ts")
        const program = yield* start(path, [], { env: { PORT: "0" } })
        const port = Number(yield* program.until(/Listening on http:\/\/127\.0\.0\.1:(\d+)/))
        const [shown = "{}"] = blocksOf("json", yield* page("docs/access-log.md"))
        const record = recordOf(shown)
        const said: Fields = Object(record["annotations"])
        const headers = {
          host: String(said["server.address"]),
          "user-agent": String(said["user_agent.original"]),
          "x-forwarded-for": String(said["client.address"]),
          "x-request-id": String(said["requestId"])
        }
        yield* asked(port, "/healthz")
        const answer = yield* asked(port, "/users/7", { headers })
        assert.strictEqual(answer.headers["x-request-id"], said["requestId"])
        program.send("SIGTERM")
        const { stdout } = yield* program.end
        const records = stdout.split("\n").filter((line) => line.includes("http.request")).map(recordOf)
        assert.deepStrictEqual(records.map(timeless), [timeless(record)])
      }))
  })
})
