import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { inspect } from "node:util"
import { pino } from "pino"
import * as PinoLogger from "../../../src/bridges/PinoLogger.ts"
import { LogEncoder, Logging, type LogRecord, LogSink } from "../../../src/index.ts"

type Json = Readonly<Record<string, unknown>>
type Call = ReadonlyArray<unknown>

/** What a call says: its message, its fields, and its error by type and message. */
interface Said {
  readonly message: unknown
  readonly fields: Json
  readonly error: readonly [type: unknown, message: unknown] | undefined
}

/** Calls a logger of pino, whose types know only some of what programs give it. */
const call = (logger: { readonly info: object }, given: Call): void => {
  assert.isTrue(typeof logger.info === "function")
  if (typeof logger.info === "function") Reflect.apply(logger.info, logger, [...given])
}

/** What pino writes for a call; nothing for one that makes it throw. */
const ofPino = (given: Call, { bindings = {}, msgPrefix }: PinoLogger.Options): Said | undefined => {
  let line = ""
  const parent = pino({ base: null }, { write: (text: string) => void (line = text) })
  try {
    call(parent.child(bindings, msgPrefix === undefined ? {} : { msgPrefix }), given)
  } catch {
    return undefined
  }
  const { err, level: _level, msg, time: _time, ...fields } = JSON.parse(line)
  const isError = err !== null && typeof err === "object" && "stack" in err
  return {
    message: msg ?? "",
    fields: err === undefined || isError ? fields : { ...fields, err },
    error: isError ? [err.type, err.message] : undefined
  }
}

const { encode } = LogEncoder.json({ cause: "structured" })

const ofRecord = (record: LogRecord.LogRecord): Said => {
  const { annotations = {}, cause, message } = JSON.parse(encode(record))
  const isObject = cause?.[0].fields === undefined && cause?.[0].stack === undefined
  return {
    message: message ?? "",
    fields: annotations,
    error: cause && [isObject ? "Object" : cause[0].type, cause[0].message]
  }
}

/** What our records say of calls. */
const ofOurs = (calls: ReadonlyArray<Call>, options: PinoLogger.Options) =>
  Effect.gen(function*() {
    const records: Array<LogRecord.LogRecord> = []
    const sink = LogSink.make({
      name: "raw",
      batchWindow: 0,
      capacity: 2 * calls.length,
      write: (batch) => Effect.sync(() => records.push(...batch))
    })
    yield* Effect.gen(function*() {
      const logger = yield* PinoLogger.make(options)
      for (const given of calls) call(logger, given)
      yield* Effect.flatMap(Logging.Logging, ({ flush }) => flush)
    }).pipe(Effect.provide(Logging.layer({ sinks: [sink] })))
    return records.map(ofRecord)
  })

const sameAsPino = (calls: ReadonlyArray<Call>, options: PinoLogger.Options = {}) =>
  Effect.gen(function*() {
    const ours = yield* ofOurs(calls, options)
    assert.strictEqual(ours.length, calls.length)
    let compared = 0
    for (const [i, given] of calls.entries()) {
      const theirs = ofPino(given, options)
      if (theirs === undefined) continue
      compared++
      assert.deepStrictEqual(ours[i], theirs, `call ${i}: ${inspect(given)}`)
    }
    assert.isAbove(compared, 0.9 * calls.length)
  })

/** The same numbers in every run. */
const numbersFrom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const pieces = [
  "%s",
  "%d",
  "%i",
  "%f",
  "%j",
  "%o",
  "%O",
  "%%",
  "%",
  "%x",
  "%S",
  "%5d",
  " ",
  "text",
  "é€😀",
  "%%s",
  "%s%d",
  "{}"
]

const loop: Record<string, unknown> = { name: "loop" }
loop["self"] = loop

class Point {
  readonly x = 1
  readonly y = [2, { z: 3 }]
  get length(): number {
    return 1
  }
}

const namedFunction = () => {}

/** What stands behind a format. */
const values: ReadonlyArray<unknown> = [
  "word",
  "",
  "42",
  "4.7",
  0,
  -1.7,
  1e21,
  NaN,
  Infinity,
  true,
  false,
  null,
  undefined,
  10n,
  Symbol("s"),
  namedFunction,
  { a: 1, b: { c: [1, "2", null] } },
  [1, "two", [3]],
  [],
  {},
  new Date(0),
  new Date(NaN),
  new Point(),
  new Map([["a", 1]]),
  new Error("inside"),
  loop,
  { toJSON: () => "as said" }
]

/** What stands before a message. */
const objects: ReadonlyArray<unknown> = [
  {},
  { a: 1 },
  { a: undefined, b: null, c: false, d: "text", e: [1, { f: 2 }] },
  { nested: { deep: { deeper: [1, 2, { deepest: "x" }] } } },
  { date: new Date(0) },
  { msg: "own message", order: 7 },
  { msg: undefined, order: 7 },
  { err: "no error", order: 7 },
  { err: null },
  { err: new TypeError("failed"), order: 7 },
  { err: new RangeError("failed"), msg: "own message" },
  { err: { message: "only like one" } },
  new Error("alone"),
  new SyntaxError("alone"),
  null,
  new Point(),
  ["first", "second"],
  Object.create(null, { own: { value: 1, enumerable: true }, hidden: { value: 2 } }),
  Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true } })
]

const pick = <A>(next: (below: number) => number, from: ReadonlyArray<A>): A => from[next(from.length)]!

const many = <A>(count: number, make: () => A): ReadonlyArray<A> => Array.from({ length: count }, make)

const formatOf = (next: (below: number) => number): string => many(1 + next(5), () => pick(next, pieces)).join("")

describe("a pino logger says what pino says", () => {
  it.effect("of 3,000 formats with what stands behind them", () => {
    const next = numbersFrom(1)
    return sameAsPino(many(3000, () => [formatOf(next), ...many(next(4), () => pick(next, values))]))
  })

  it.effect("of 3,000 objects, with a message and without", () => {
    const next = numbersFrom(2)
    return sameAsPino(many(3000, () => {
      const object = pick(next, objects)
      return next(3) === 0 ? [object] : [object, formatOf(next), ...many(next(4), () => pick(next, values))]
    }))
  })

  it.effect("of objects with every other kind of message", () =>
    sameAsPino(
      objects.flatMap((object) => [undefined, null, 7, true, "", { b: 2 }].map((message) => [object, message])).filter(
        // What pino writes twice into one line is for its reader to choose from.
        ([object, message]) => message === undefined || !Object.hasOwn(Object(object), "msg")
      )
    ))

  it.effect("of calls without a text", () =>
    sameAsPino([
      ["plain"],
      [""],
      ["100%"],
      ["%s"],
      ["%%"],
      [7],
      [7, "ignored"],
      [true],
      [null],
      [null, "message"],
      [null, "message %s", "x"],
      [undefined, "message %s", "x"],
      ["a", { ignored: true }]
    ]))

  it.effect("with bindings and a prefix", () => {
    const next = numbersFrom(3)
    return sameAsPino(
      many(500, () => [pick(next, objects), formatOf(next), ...many(next(3), () => pick(next, values))]),
      {
        bindings: { service: "shop", level: 7, nested: { a: [1] }, none: undefined, order: "of the parent" },
        msgPrefix: "[pre %s] "
      }
    )
  })
})
