/**
 * What a declared event costs beside `Effect.logInfo` with the same object: the two take
 * turns in blocks of some 20 ms, in one process and into one file, and what is shown is the
 * median of the ratios of neighbours. `npm run events -- --blocks 200`
 *
 * "caller" is the log calls alone, "to a file" until the lines are with the operating system.
 */
import { Effect, Schema } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { FileSink, LogEvent, Logging } from "../../src/index.ts"
import { tableOf } from "../docs/table.ts"
import { ordinaryProgram } from "./ordinary.ts"

const { values } = parseArgs({ options: { blocks: { type: "string", default: "120" } } })
const blocks = Number(values.blocks)
/** In one burst, for which the lane has room. */
const burst = 4000
const bursts = 4
/** What an event may cost. */
const most = 1.3

const Flat = LogEvent.make("request.handled", {
  fields: {
    durationMs: Schema.Number,
    path: Schema.String,
    status: Schema.Int,
    method: Schema.Literals(["GET", "POST"]),
    cached: Schema.Boolean
  }
})

const Nested = LogEvent.make("request.nested", {
  fields: {
    durationMs: Schema.Number,
    path: Schema.String,
    user: Schema.Struct({ id: Schema.Number, name: Schema.String })
  }
})

const Hidden = LogEvent.make("request.hidden", {
  fields: { durationMs: Schema.Number, path: Schema.String, user: LogEvent.sensitive(Schema.String) }
})

const flat = (i: number) => ({
  durationMs: i % 97,
  path: "/orders/42",
  status: 200,
  method: "GET" as const,
  cached: i % 2 === 0
})
const nested = (i: number) => ({ durationMs: i % 97, path: "/orders/42", user: { id: i % 4211, name: "Ada" } })
const hidden = (i: number) => ({ durationMs: i % 97, path: "/orders/42", user: "Ada" })

type Call = (i: number) => Effect.Effect<void>

const pairs: Readonly<Record<string, readonly [object: Call, event: Call]>> = {
  "five fields": [(i) => Effect.logInfo(flat(i)), (i) => Flat.log(flat(i))],
  "an object in it": [(i) => Effect.logInfo(nested(i)), (i) => Nested.log(nested(i))],
  "a sensitive field": [(i) => Effect.logInfo(hidden(i)), (i) => Hidden.log(hidden(i))]
}

interface Block {
  readonly caller: number
  readonly whole: number
}

const block = (call: Call, flush: Effect.Effect<unknown>): Effect.Effect<Block> =>
  Effect.gen(function*() {
    let caller = 0
    const start = process.hrtime.bigint()
    for (let turn = 0; turn < bursts; turn++) {
      const before = process.hrtime.bigint()
      for (let i = 0; i < burst; i++) yield* call(i)
      caller += Number(process.hrtime.bigint() - before)
      yield* flush
    }
    return { caller, whole: Number(process.hrtime.bigint() - start) }
  })

const median = (some: ReadonlyArray<number>): number => some.toSorted((a, b) => a - b)[Math.floor(some.length / 2)] ?? 0

const measured = Effect.gen(function*() {
  const { flush } = yield* Logging.Logging
  const rows: Array<ReadonlyArray<string>> = []
  let worst = 0
  for (const [name, [object, event]] of Object.entries(pairs)) {
    const callers: Array<number> = []
    const wholes: Array<number> = []
    for (let round = 0; round < blocks; round++) {
      const isFirst = round % 2 === 0
      const one = yield* block(isFirst ? object : event, flush)
      const other = yield* block(isFirst ? event : object, flush)
      const [plain, said] = isFirst ? [one, other] : [other, one]
      // The engine compiles during the first.
      if (round < blocks / 4) continue
      callers.push(said.caller / plain.caller)
      wholes.push(said.whole / plain.whole)
    }
    worst = Math.max(worst, median(callers), median(wholes))
    rows.push([name, `× ${median(callers).toFixed(2)}`, `× ${median(wholes).toFixed(2)}`])
  }
  console.log(tableOf([["event", "caller", "to a file"], ...rows]))
  console.log(`an event: at most × ${worst.toFixed(2)} of Effect.logInfo with the same object (limit × ${most})`)
  if (worst > most) process.exitCode = 1
})

const folder = mkdtempSync(join(tmpdir(), "spillway-events-"))
try {
  await Effect.runPromise(ordinaryProgram)
  const sinks = [FileSink.make({ path: join(folder, "app.log"), required: true })]
  await Effect.runPromise(Effect.provide(measured, Logging.layer({ sinks })))
} finally {
  rmSync(folder, { recursive: true })
}
