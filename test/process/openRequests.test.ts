import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { recordsOf, reportIn, temporary } from "./files.ts"
import { fixture, start } from "./program.ts"

describe("a server that is ended by SIGTERM", () => {
  it.live("has one record of each request: those it had answered, those it answers then, and those it leaves open", () =>
    Effect.gen(function*() {
      const path = yield* temporary("requests.ndjson")
      const program = yield* start(fixture("listening"), [path])
      const port = yield* program.until(/"port":(\d+)/)
      const ask = (kind: string, count: number): ReadonlyArray<Promise<string>> =>
        Array.from({ length: count }, async (_, i) => {
          const headers = { "x-request-id": `${kind}-${i}` }
          return (await fetch(`http://127.0.0.1:${port}/${kind}`, { headers })).text()
        })
      yield* Effect.promise(() => Promise.all(ask("quick", 50)))
      const slow = ask("slow", 20)
      // Their connections end with the process.
      const stuck = Promise.allSettled(ask("stuck", 5))
      yield* program.until(/^open 25$/m)
      program.send("SIGTERM")
      const { code, stderr } = yield* program.end
      assert.strictEqual(code, 0)
      assert.deepStrictEqual(yield* Effect.promise(() => Promise.all(slow)), Array.from({ length: 20 }, () => "slow"))
      assert.deepStrictEqual(
        (yield* Effect.promise(() => stuck)).map(({ status }) => status),
        Array(5).fill("rejected")
      )

      const records = yield* recordsOf(path)
      const ended = (kind: string, outcome: string): number =>
        records.filter(({ annotations }) =>
          annotations["url.path"] === `/${kind}` && annotations["event.outcome"] === outcome
        ).length
      assert.deepStrictEqual([ended("quick", "success"), ended("slow", "success"), ended("stuck", "shutdown")], [
        50,
        20,
        5
      ])
      assert.strictEqual(records.length, 75)
      assert.strictEqual(new Set(records.map(({ annotations }) => annotations["requestId"])).size, 75)
      const report = yield* reportIn(stderr)
      assert.isTrue(report.balanced)
      assert.strictEqual(report.lanes["file"]?.delivered, 75)
    }))
})
