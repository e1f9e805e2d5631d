import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { connect } from "node:net"
import { asked } from "../support/httpClient.ts"
import { recordsOf, reportIn, temporary } from "./files.ts"
import { fixture, start } from "./program.ts"

const inFlight = 8

/** A connection on which the first bytes of an answer have come, which goes on. */
const begun = (port: number, path: string) =>
  Effect.callback<void, Error>((resume) => {
    const socket = connect(port, "127.0.0.1")
    socket.on("error", (error) => resume(Effect.fail(error)))
    socket.once("data", () => resume(Effect.void))
    socket.write(`GET ${path} HTTP/1.1\r\nhost: shop\r\n\r\n`)
  })

describe.concurrent("a server under load that is told to end", () => {
  it.live("has one record of each request, answered or in flight, before the lanes end", () =>
    Effect.gen(function*() {
      const path = yield* temporary("access.ndjson")
      const program = yield* start(fixture("serving"), [path])
      const said = yield* program.until(/port \d+ /)
      const port = Number(/port (\d+) /.exec(said)?.[1])
      const each = Array.from({ length: inFlight })
      const many = { concurrency: "unbounded" } as const
      yield* Effect.forEach(Array.from({ length: 50 }), () => asked(port, "/quick"), many)
      yield* Effect.forEach(each, () => begun(port, "/rows"), many)
      const slow = yield* Effect.forkChild(Effect.forEach(each, () => Effect.exit(asked(port, "/slow")), many))
      yield* program.until(new RegExp(String.raw`(?:slow\s+){${inFlight}}`))
      program.send("SIGTERM")
      const ended = yield* program.end
      const report = yield* reportIn(ended.stderr)
      assert.isTrue(report.balanced)
      const answers = yield* Fiber.join(slow)
      assert.deepStrictEqual(
        answers.map((exit) => Exit.isSuccess(exit) ? exit.value.status : exit),
        each.map(() => 503)
      )
      const records = yield* recordsOf(path)
      const of = (url: string) => records.filter(({ annotations }) => annotations["url.path"] === url)
      const counted = (url: string) => new Set(of(url).map(({ annotations }) => annotations["requestId"])).size
      assert.deepStrictEqual([records.length, counted("/quick"), counted("/rows"), counted("/slow")], [66, 50, 8, 8])
      for (const { annotations, level } of of("/rows")) {
        assert.deepStrictEqual(
          [level, annotations["event.outcome"], annotations["error.type"], annotations["http.response.body.size"]],
          ["ERROR", "interrupted", "response_broken_off", 10]
        )
      }
      for (const { annotations, level } of of("/slow")) {
        assert.deepStrictEqual(
          [level, annotations["event.outcome"], annotations["http.response.status_code"]],
          ["ERROR", "interrupted", 503]
        )
      }
      assert.strictEqual(report.lanes["file"]?.delivered, 66)
    }))
})
