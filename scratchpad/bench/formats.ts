/**
 * What a batch of lines costs in another shape, beside the default one: the ratio of
 * the shortest times, with the shapes taking turns. `npm run formats -- --rounds 30`
 */
import { parseArgs } from "node:util"
import { emptyContext, extended, extendedOnce } from "../../src/capture/attributes.ts"
import { defaultLimits } from "../../src/capture/limits.ts"
import { Snapshot } from "../../src/capture/Snapshot.ts"
import { LogEncoder, LogRecord, LogRedactor } from "../../src/index.ts"
import { RecordOrigin } from "../../src/record/RecordOrigin.ts"
import { tableOf } from "../docs/table.ts"

const { values } = parseArgs({ options: { rounds: { type: "string", default: "60" } } })
const rounds = Number(values.rounds)
const batchSize = 4096
const perMillisecond = 200
/** What renamed fields may cost. */
const most = 1.2

const shapes: Readonly<Record<string, LogEncoder.JsonOptions | undefined>> = {
  default: undefined,
  renamed: {
    fields: { message: "msg", level: "severity", timestamp: "@timestamp", annotations: "labels", spans: "timings" }
  },
  fewer: { fields: { spans: false, fiberId: false } },
  numbers: { time: "millis", level: "pino" },
  flat: { annotations: "flat" },
  text: { message: "text" }
}

const snapshot = new Snapshot(LogRedactor.make(), defaultLimits)
const reset = (): Snapshot => {
  snapshot.reset()
  return snapshot
}
const bound = extended(emptyContext, { requestId: "7f3a9c", userId: 4211, route: "/orders/:id" }, reset())
const origin = new RecordOrigin("Info", bound, undefined, 12, undefined, undefined, undefined, "r")
const record = (i: number, message: unknown, of = origin): LogRecord.LogRecord =>
  new LogRecord.LogRecord(i, 1_767_225_600_000 + Math.floor(i / perMillisecond), message, undefined, of, 256, 0)

const user = { id: 4211, name: "Ada" }
const kinds: Readonly<Record<string, (i: number) => LogRecord.LogRecord>> = {
  "one text": (i) => record(i, "request handled"),
  "texts": (i) => record(i, `request ${1_000_000 + i} handled`),
  "objects": (i) => record(i, reset().message(["request handled", { durationMs: i % 97, path: "/orders/42", user }])),
  "attributes": (i) => {
    const context = extendedOnce(bound, { order: i, status: "paid" }, reset())
    return record(
      i,
      "order placed",
      new RecordOrigin("Info", context, undefined, 12, undefined, undefined, undefined, "r")
    )
  },
  "fibers": (i) =>
    record(
      i,
      "request handled",
      new RecordOrigin("Info", bound, undefined, i % 64, undefined, undefined, undefined, "r")
    )
}

const nanosOf = (work: () => void): number => {
  const start = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - start)
}

const rows: Array<ReadonlyArray<string>> = []
let worst = 0
for (const [kind, make] of Object.entries(kinds)) {
  const names = Object.keys(shapes)
  const encoders = names.map((name) => LogEncoder.json(shapes[name]))
  const least = names.map(() => Number.POSITIVE_INFINITY)
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const i = (round + turn) % names.length
      // Made anew: `"text"` has messages unpacked, which the next shape would find.
      const batch = Array.from({ length: batchSize }, (_, n) => make(n))
      least[i] = Math.min(least[i]!, nanosOf(() => encoders[i]!.encodeBatch(batch)) / batchSize)
    }
  }
  worst = Math.max(worst, least[1]! / least[0]!)
  rows.push([kind, `${least[0]!.toFixed(0)} ns`, ...least.slice(1).map((each) => `× ${(each / least[0]!).toFixed(2)}`)])
}

console.log(tableOf([["records", ...Object.keys(shapes)], ...rows]))
console.log(`renamed fields: at most × ${worst.toFixed(2)} of the default (limit × ${most})`)
if (worst > most) process.exitCode = 1
