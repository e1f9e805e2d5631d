import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Logging, LogSink, ScriptedSink } from "../../src/index.ts"

describe("an outage of the log destination", () => {
  it.effect("costs the program nothing, and no record", () => {
    const sink = ScriptedSink.make({
      script: [ScriptedSink.unavailable, ScriptedSink.unavailable],
      retry: LogSink.exponentialRetry({ base: "1 second", times: 3 })
    })
    return Effect.gen(function*() {
      yield* Effect.logInfo("charged")
      yield* sink.started(1)
      yield* TestClock.adjust("3 seconds")

      assert.strictEqual(sink.writes.length, 3)
      assert.deepStrictEqual(sink.delivered.map((record) => record.message), ["charged"])
    }).pipe(Effect.provide(Logging.layer({ sinks: [sink], diagnostics: () => {} })))
  })
})
