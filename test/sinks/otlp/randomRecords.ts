/** Records as programs make them, and worse, from a seed. */
import { Cause } from "effect"
import { annotated, emptyContext, extended, extendedOnce } from "../../../src/capture/attributes.ts"
import { LogRecord } from "../../../src/index.ts"
import { LogSpans } from "../../../src/record/LogSpans.ts"
import { type RecordContext, RecordOrigin } from "../../../src/record/RecordOrigin.ts"
import { makeSnapshot } from "../../support/capture.ts"

/** Random whole numbers below some number, the same for a seed (mulberry32). */
export const randomOf = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

class Refused extends Error {
  readonly _tag = "Refused"
  readonly code = 402
}

/** Gives records: origins and contexts are shared, or not, as in programs. */
export const recordsOf = (seed: number, count: number): ReadonlyArray<LogRecord.LogRecord> => {
  const below = randomOf(seed)
  const pick = <A>(some: ReadonlyArray<A>): A => some[below(some.length)]!
  const chance = (percent: number): boolean => below(100) < percent
  const snapshot = makeSnapshot()
  const reset = () => {
    snapshot.reset()
    return snapshot
  }

  const text = (): string =>
    pick<() => string>([
      () => "request handled",
      () => "",
      () => "größe",
      () => "日本\u2028",
      () => "half \ud800 a pair",
      () => "\u{1f600}".repeat(below(40)),
      () => "x".repeat(below(300)),
      () => "é".repeat(below(300)),
      () => `\u0000"\\\u007f${below(10)}`,
      () => "y".repeat(chance(10) ? below(40_000) : below(200))
    ])()
  const key = (): string =>
    pick([
      "order",
      "user",
      "größe",
      "a.b",
      "a",
      "",
      "event.name",
      "effect.fiberId",
      "effect.log_span.request",
      "exception.type",
      "exception.other",
      "log.record.uid",
      "annotations.log.record.uid",
      "level",
      "__proto__",
      `key${below(300)}`
    ])
  const number = (): number =>
    pick([
      0,
      -0,
      1,
      -1,
      127,
      128,
      16_384,
      2 ** 31,
      -(2 ** 31) - 1,
      2 ** 53 - 1,
      2 ** 53,
      -(2 ** 53) + 1,
      1.5,
      -1e300,
      5e-324,
      below(1e9)
    ])
  // Few, because the stack of each is read.
  const errors = Array.from(
    { length: 10 },
    (_, i) => new Refused(text(), { cause: i % 2 === 0 ? new TypeError("beneath") : undefined })
  )
  const value = (depth: number): unknown =>
    pick<() => unknown>([
      text,
      text,
      number,
      number,
      () => chance(50),
      () => null,
      () => pick(errors),
      () => Array.from({ length: below(4) }, () => depth > 4 ? below(9) : value(depth + 1)),
      () => depth > 4 ? {} : fields(below(5), depth + 1)
    ])()
  const fields = (size: number, depth = 0): Record<string, unknown> =>
    Object.fromEntries(Array.from({ length: size }, () => [key(), value(depth)]))
  /** What no capture gives, but `LogRecord.make` takes. */
  const wild = (): unknown =>
    pick<() => unknown>([
      () => BigInt(number() | 0) * 2n ** 40n,
      () => 2n ** 63n - 1n,
      () => -(2n ** 63n),
      () => 2n ** 63n,
      () => new Uint8Array(below(300)).fill(below(256)),
      () => Number.NaN,
      () => Number.NEGATIVE_INFINITY,
      () => undefined,
      () => new Date(0),
      () => ({ a: undefined, b: [undefined, { c: new Uint8Array([1, 2, 3]) }] })
    ])()

  const message = (): unknown => {
    if (chance(40)) return text()
    const packed = reset()
    return chance(50) ? packed.message(value(0)) : packed.messages(Array.from({ length: below(4) }, () => value(0)))
  }
  const id = (digits: number): string | undefined =>
    pick([
      undefined,
      "0af7651916cd43dd8448eb211c80319c".slice(0, digits),
      "0AF7651916CD43DD8448EB211C80319C".slice(0, digits),
      "00f067aa0ba902b7",
      "0".repeat(digits),
      "no id",
      ""
    ])
  const bound = extended(emptyContext, { order: 1, path: "/é" }, reset())
  const many = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`field ${i}`, i]))
  const contexts: ReadonlyArray<RecordContext> = [
    bound,
    emptyContext,
    annotated({ requestId: "req-8f14e45fceea167a", userId: "user-4217", route: "/users/:id" }, reset()),
    extended(bound, fields(3), reset()),
    annotated(many, reset())
  ]
  const context = (): RecordContext =>
    chance(60)
      ? pick(contexts)
      : pick([extendedOnce, extended])(pick([bound, emptyContext]), fields(below(6)), reset())
  const origin = (): RecordOrigin => {
    const durations = pick([undefined, undefined, { request: 5 }, { request: -3, "": 1.5, größe: 2 ** 40 }])
    const trace = id(32)
    return new RecordOrigin(
      pick(LogRecord.levels),
      context(),
      durations && new LogSpans(durations, 1000),
      pick([0, 1, 12, 300, 2 ** 31]),
      trace,
      id(16),
      pick([undefined, true, false]),
      pick(["AbCdEfGhIjKlMnOp", "AbCdEfGhIjKlMnOp", "q"])
    )
  }
  const cause = () =>
    reset().cause(
      pick<() => Cause.Cause<unknown>>([
        () => Cause.fail(pick(errors)),
        () => Cause.fail("no card"),
        () => Cause.die(new AggregateError([new Error("one"), "two"], "many")),
        () => Cause.interrupt(3),
        () => Cause.combine(Cause.interrupt(3), Cause.fail({ code: 5 }))
      ])()
    )
  const time = (): number => pick([0, 999.5, -1, Number.NaN, 1_700_000_000_123, 1_700_000_000_123, 2 ** 44, 2 ** 53])

  let last = origin()
  let at = time()
  return Array.from({ length: count }, (_, i) => {
    if (chance(10)) {
      return LogRecord.make({
        message: chance(50) ? wild() : text(),
        seq: pick([i, 1.5, -1, Number.NaN, 2 ** 53]),
        time: time(),
        level: pick(LogRecord.levels),
        annotations: { ...fields(below(3)), [key()]: wild() },
        spans: chance(20) ? { wait: number() } : undefined,
        runtimeId: pick(["", "made", "größe", "r".repeat(200)]),
        place: below(1_000_000)
      })
    }
    if (chance(50)) last = origin()
    if (chance(30)) at = time()
    return new LogRecord.LogRecord(
      pick([i, i * 1_000_003, 2 ** 40 + i]),
      at,
      message(),
      chance(10) ? cause() : undefined,
      last,
      256,
      below(1_000_000)
    )
  })
}
