import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { ScriptedSink } from "../../src/index.ts"
import * as SpoolStore from "../../src/spool/SpoolStore.ts"
import { kill, owner } from "../spool/processes.ts"
import { append, records } from "../spool/support.ts"
import { settle } from "../support/lanes.ts"
import { directory, open } from "../support/spooledLanes.ts"

const lane = "main"
const minute = TestClock.adjust("1 minute")

describe("F70: a lane that runs while another owner of its spool ends", () => {
  it.layer(NodeServices.layer)((it) => {
    it.effect("sends what a killed one left within a minute, and what one left that closed its spool", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "always", maxAge: Infinity } as const
        const killed = yield* owner(spool.directory, "0", "3")
        yield* killed.until(/ready/)
        const beside = yield* SpoolStore.open({ directory: spool.directory, lane })
        append(beside, records(10, 2))
        const sink = ScriptedSink.make({ name: lane, spool })
        const { lane: ours } = yield* open(sink)
        yield* settle
        yield* minute
        // It is asked like the others, and answered after them.
        const last = yield* SpoolStore.open({ directory: spool.directory, lane })
        last.close()
        assert.strictEqual(ours.books().recovered, 0, "both live")

        yield* kill(killed)
        while (ours.books().delivered < 3) yield* minute
        beside.close()
        while (ours.books().delivered < 5) yield* minute
        assert.deepStrictEqual(sink.delivered.map(({ seq }) => seq), [0, 1, 2, 10, 11])
        assert.strictEqual(ours.books().recovered, 5)
      }))
  })
})
