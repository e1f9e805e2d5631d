import { Effect, type Layer } from "effect"
import { Capture } from "../../src/capture/Capture.ts"
import { FiberOrigins } from "../../src/capture/FiberOrigins.ts"
import { defaultLimits, type Limits } from "../../src/capture/limits.ts"
import { Rules } from "../../src/capture/Rules.ts"
import { Snapshot } from "../../src/capture/Snapshot.ts"
import { Diagnostics } from "../../src/diagnostics/Diagnostics.ts"
import { Logging, type LogRecord, LogRedactor, LogSink } from "../../src/index.ts"
import type { Inlet } from "../../src/lane/Inlet.ts"
import { LaneCounters } from "../../src/lane/LaneCounters.ts"

export const makeSnapshot = (limits?: Partial<Limits>, redactor = LogRedactor.make()): Snapshot =>
  new Snapshot(redactor, { ...defaultLimits, ...limits })

/** The snapshot of one value, as it stands in a record. */
export const snapshotOf = (u: unknown, limits?: Partial<Limits>): unknown => makeSnapshot(limits).value(u)

/** A snapshot as plain data, for `deepStrictEqual` whatever the prototypes. */
export const plain = (u: unknown): unknown => JSON.parse(JSON.stringify(u) ?? "null")

/** The snapshot of one value as plain data. */
export const plainSnapshot = (u: unknown, limits?: Partial<Limits>): unknown => plain(snapshotOf(u, limits))

/** A capture whose only lane is an array. */
export const makeCapture = (options?: {
  readonly redactor?: LogRedactor.LogRedactor
  readonly inlet?: Partial<Inlet>
}): {
  readonly capture: Capture
  readonly records: Array<LogRecord.LogRecord>
  readonly lines: ReadonlyArray<string>
} => {
  const records: Array<LogRecord.LogRecord> = []
  const lines: Array<string> = []
  const capture = new Capture({
    rules: new Rules({
      inlets: [Object.defineProperties({
        name: "array",
        counters: new LaneCounters(),
        minimum: 0,
        filter: undefined,
        isFull: () => false,
        refuse: () => {},
        offer: (record) => records.push(record),
        hasRoomFor: () => true,
        accept: (record) => records.push(record)
      }, Object.getOwnPropertyDescriptors(options?.inlet ?? {}))],
      taps: []
    }),
    origins: new FiberOrigins(),
    redactor: options?.redactor ?? LogRedactor.make(),
    limits: defaultLimits,
    diagnostics: new Diagnostics((line) => lines.push(line), () => 0),
    now: () => 0,
    spanEvents: false
  })
  return { capture, records, lines }
}

/** Runs a program under a runtime of its own and returns its records, as every lane has them. */
export const recordsOf = <E>(
  program: Effect.Effect<unknown, E, Logging.Logging>,
  options?: Logging.RuntimeOptions
): Effect.Effect<ReadonlyArray<LogRecord.LogRecord>, E> => {
  const records: Array<LogRecord.LogRecord> = []
  const sink = LogSink.make({
    name: "raw",
    batchWindow: 0,
    write: (batch) => Effect.sync(() => records.push(...batch))
  })
  const layer: Layer.Layer<Logging.Logging> = Logging.layer({ sinks: [sink], diagnostics: () => {}, ...options })
  return Effect.gen(function*() {
    yield* program
    const logging = yield* Logging.Logging
    yield* logging.flush
    return records
  }).pipe(Effect.provide(layer))
}
