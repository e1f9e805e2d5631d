import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"

import { Logging, LogRecord, ScriptedSink } from "../../src/index.ts"
import * as SpoolStore from "../../src/spool/SpoolStore.ts"
import { messages, numbers } from "../support/lanes.ts"
import { directory } from "../support/spooledLanes.ts"

describe("a runtime with spools", () => {
  it.layer(NodeServices.layer, { excludeTestServices: true })((it) => {
    it.effect("starts no lane before all are there, while one asks who lives", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "always", maxAge: Infinity } as const
        const earlier = yield* SpoolStore.open({ directory: spool.directory, lane: "first" })
        earlier.append(numbers(0, 3).map((seq) => LogRecord.make({ seq, time: 0, message: seq })))
        earlier.close()
        const other = yield* SpoolStore.open({ directory: spool.directory, lane: "second" })
        const first = ScriptedSink.make({ name: "first", spool })
        const second = ScriptedSink.make({ name: "second", spool })
        yield* Effect.gen(function*() {
          const { stats } = yield* Logging.Logging
          yield* Effect.repeat(stats, { until: ({ lanes }) => lanes["first"]?.delivered === 3 })
          assert.deepStrictEqual(messages(first.delivered), [0, 1, 2])
          assert.strictEqual((yield* stats).lanes["first"]?.restarts, 0)
        }).pipe(Effect.provide(Logging.layer({ sinks: [first, second] })))
        other.close()
      }))
  })
})
