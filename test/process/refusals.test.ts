/** Dead letters that end the program, or never return, with what was refused of a batch on disk. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { LogSink } from "../../src/index.ts"
import { messages, settle } from "../support/lanes.ts"
import { directory, open } from "../support/spooledLanes.ts"
import * as Program from "./program.ts"

type Spool = LogSink.SpoolOptions

const far = (spool: Spool, write: Parameters<typeof LogSink.make>[0]["write"]): LogSink.LogSink =>
  LogSink.make({ name: "far", batchWindow: 0, spool, write })

/** Leaves four records on a spool, as one batch. */
const leave = (spool: Spool) =>
  Effect.gen(function*() {
    const { end, offer } = yield* open(far(spool, () => Effect.fail(LogSink.unavailable("down"))))
    offer(0, 4)
    yield* settle
    assert.strictEqual(end().spooled, 4)
  })

/** The records that the next start sends. */
const sentNext = (spool: Spool) =>
  Effect.gen(function*() {
    const sent: Array<unknown> = []
    const { end, lane } = yield* open(far(spool, (batch) => Effect.sync(() => sent.push(...messages(batch)))))
    while (lane.books().spooled + lane.books().inFlight > 0) yield* Effect.yieldNow
    end()
    return sent
  })

const lettersOf = ({ stderr }: Program.Ended): ReadonlyArray<number> =>
  [...stderr.matchAll(/^letters (.*)$/gm)].flatMap(([, numbers = ""]) => numbers.split(" ").map(Number))

describe("a record that was finally refused, once it is handed over", () => {
  it.layer(NodeServices.layer)((it) => {
    const answers = ["named", "oneMessage", "severalMessages", "counted"] as const
    for (const mode of ["always", "overflow"] as const) {
      for (const ending of ["exits", "throws", "hangs"] as const) {
        it.effect(`does not come again, and none is lost, where the handler ${ending} (${mode})`, () =>
          Effect.forEach(answers, (answer) =>
            Effect.gen(function*() {
              const spool = { directory: yield* directory, mode }
              yield* leave(spool)
              const args = [spool.directory, mode, answer, ending]
              const program = yield* Program.start(Program.fixture("refusing"), args)
              if (ending === "hangs") {
                yield* program.until(/^hangs$/m)
                program.send("SIGKILL")
              }
              const ended = yield* program.end
              assert.strictEqual(ended.code, { exits: 7, throws: 0, hangs: null }[ending], ended.stderr)
              const given = lettersOf(ended)
              const sent = yield* sentNext(spool)
              if (answer === "counted") {
                assert.deepStrictEqual([given, sent], [[0, 1, 2, 3], []], answer)
                return
              }
              assert.deepStrictEqual([...given, ...sent], [1, 2], answer)
              // Only what the handler never saw, because it did not return before, is still there.
              const unseen = answer === "severalMessages" && ending !== "throws" ? [2] : []
              assert.deepStrictEqual(sent, unseen, answer)
            }), { discard: true }))
      }
    }
  })
})
