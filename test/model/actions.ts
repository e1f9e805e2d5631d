import { Effect, Random } from "effect"
import type { Item } from "./events.ts"
import type { Answer, Parameters } from "./parameters.ts"

/** What is done to a lane, or to its disk. */
export type Doing =
  | { readonly _tag: "offer"; readonly records: ReadonlyArray<Pick<Item, "bytes" | "urgent" | "shrinks">> }
  | { readonly _tag: "flush" }
  | { readonly _tag: "answer"; readonly answer: Answer }
  /** A write says of these positions that they are stored, and goes on. */
  | { readonly _tag: "acknowledge"; readonly positions: ReadonlyArray<number> }
  | { readonly _tag: "interrupt"; readonly worker: number }
  | { readonly _tag: "crash"; readonly power: boolean }
  /** `parts`: how much of each dirty file, in turn, and 1 for all of it. */
  | { readonly _tag: "writeback"; readonly parts: ReadonlyArray<number> }
  | { readonly _tag: "restart" }
  | { readonly _tag: "advance"; readonly millis: number }
  | { readonly _tag: "signal"; readonly isExit: boolean }
  | { readonly _tag: "close" }
  /** The spool cannot be read, or again. */
  | { readonly _tag: "read"; readonly fails: boolean }
  /** The disk is full, or has room again. */
  | { readonly _tag: "disk"; readonly full: boolean }

/** An action, and how many tasks the process then runs; without a number, until every fiber waits. */
export type Action = Doing & { readonly tasks: number | undefined }

/** A lane's set-up and what is done to it. The same seed gives the same. */
export interface Sequence {
  readonly seed: number
  readonly parameters: Parameters
  readonly actions: ReadonlyArray<Action>
}

export const actionsPerSequence = 60

const oneOf = <const A>(choices: readonly [A, ...ReadonlyArray<A>]): Effect.Effect<A> =>
  Effect.map(Random.nextIntBetween(0, choices.length), (index) => choices[index] ?? choices[0])

const flag = (chance: number): Effect.Effect<boolean> => Effect.map(Random.next, (next) => next < chance)

const parameters: Effect.Effect<Parameters> = Effect.gen(function*() {
  const small = yield* flag(0.5)
  return {
    mode: yield* oneOf(["off", "overflow", "overflow", "always", "always"]),
    fsync: yield* oneOf(["never", "interval", "always"]),
    strategy: yield* oneOf(["dropping", "sliding", "sampling"]),
    sampleShare: yield* oneOf([0.1, 0.4, 0.9]),
    spoolStrategy: yield* oneOf(["dropping", "sliding"]),
    concurrency: yield* oneOf([1, 1, 1, 2]),
    capacity: yield* oneOf([10, 20, 50]),
    maxBytes: yield* oneOf([4000, 20_000]),
    maxBatchSize: yield* oneOf([1, 4, 8]),
    maxBatchBytes: yield* oneOf([1000, 4000]),
    windowMillis: yield* oneOf([0, 0, 1000]),
    retries: yield* oneOf([1, 3, 8]),
    breaker: yield* flag(0.5),
    spoolBytes: small ? 8192 : 65_536,
    segmentBytes: 4096,
    maxAgeMillis: yield* oneOf([Infinity, Infinity, 10_000, 60_000]),
    deadLetters: yield* oneOf(["taken", "refused"]),
    writesSync: yield* flag(0.3),
    recordLimit: yield* oneOf([undefined, undefined, 150, 400]),
    maxOps: yield* oneOf([2048, 2048, 5])
  }
})

const simpleAnswers: readonly [Answer, ...ReadonlyArray<Answer>] = [
  "unavailable",
  "unavailable",
  "ambiguous",
  "stored",
  "rejected",
  "rejectedSome",
  "tooLarge",
  "misconfigured",
  "die",
  "throw",
  "hang",
  "hangUninterruptibly"
]

const offer: Effect.Effect<Doing> = Effect.gen(function*() {
  const count = yield* Random.nextIntBetween(1, 12)
  const most = yield* oneOf([50, 200, 700])
  const record = Effect.gen(function*() {
    return { bytes: yield* Random.nextIntBetween(20, most), urgent: yield* flag(0.3), shrinks: yield* flag(0.3) }
  })
  return { _tag: "offer", records: yield* Effect.replicateEffect(record, count) }
})

const advance: Effect.Effect<Doing> = Effect.map(
  oneOf([10, 100, 500, 501, 1000, 2000, 5000, 6000, 30_000, 60_000]),
  (millis) => ({ _tag: "advance", millis })
)

/** Some of the first positions, and some that most batches have not. */
const positions: Effect.Effect<ReadonlyArray<number>> = Effect.gen(function*() {
  const chance = yield* oneOf([0.1, 0.3, 0.6, 1])
  const all: Array<number> = []
  for (let position = 0; position < 10; position++) if (yield* flag(chance)) all.push(position)
  return all
})

const answers: Effect.Effect<Answer> = Effect.gen(function*() {
  const choice = yield* Random.nextIntBetween(0, 100)
  if (choice < 15) return { _tag: "Counted", count: yield* oneOf([0, 1, 1, 2, 3, 4, 100, NaN]) }
  if (choice < 40) {
    return { _tag: "PerRecord", refused: yield* positions, again: yield* positions, ambiguous: yield* flag(0.3) }
  }
  return yield* oneOf(simpleAnswers)
})

const writeback: Effect.Effect<Doing> = Effect.gen(function*() {
  const some = yield* Effect.replicateEffect(oneOf([0, 1, 1]), 6)
  const torn = yield* Random.next
  return { _tag: "writeback", parts: (yield* flag(0.3)) ? [1] : [...some, torn] }
})

const living: Effect.Effect<Doing> = Effect.gen(function*() {
  const choice = yield* Random.nextIntBetween(0, 100)
  if (choice < 29) return yield* offer
  if (choice < 46) return { _tag: "answer", answer: "ok" }
  if (choice < 61) return { _tag: "answer", answer: yield* answers }
  if (choice < 64) return { _tag: "acknowledge", positions: yield* positions }
  if (choice < 80) return yield* advance
  if (choice < 86) return { _tag: "flush" }
  if (choice < 90) return { _tag: "interrupt", worker: yield* Random.nextIntBetween(0, 2) }
  if (choice < 91) return yield* writeback
  if (choice < 92) return { _tag: "disk", full: yield* flag(0.6) }
  if (choice < 93) return { _tag: "read", fails: yield* flag(0.7) }
  if (choice < 96) return { _tag: "crash", power: yield* flag(0.4) }
  if (choice < 98) return { _tag: "close" }
  return { _tag: "signal", isExit: yield* flag(0.3) }
})

const actions = (count: number): Effect.Effect<ReadonlyArray<Action>> =>
  Effect.gen(function*() {
    const all: Array<Action> = []
    let isEnding = false
    while (all.length < count) {
      const doing: Doing = isEnding && (yield* flag(0.5)) ? { _tag: "restart" } : yield* living
      isEnding = doing._tag === "restart"
        ? false
        : isEnding || doing._tag === "crash" || doing._tag === "close" || doing._tag === "signal"
      const tasks = (yield* flag(0.5)) ? undefined : yield* Random.nextIntBetween(0, 12)
      all.push({ ...doing, tasks })
    }
    return all
  })

/** The sequence of a seed. */
export const sequenceOf = (seed: number): Sequence =>
  Effect.runSync(Random.withSeed(
    Effect.gen(function*() {
      return { seed, parameters: yield* parameters, actions: yield* actions(actionsPerSequence) }
    }),
    seed
  ))

const textOf = (doing: Doing): string => {
  switch (doing._tag) {
    case "offer":
      return `offer ${
        doing.records.map(({ bytes, shrinks, urgent }) =>
          `${urgent ? "Warn" : "Info"} ${bytes} B${shrinks ? " that can be shortened" : ""}`
        ).join(", ")
      }`
    case "answer":
      return doing.answer === "ok" ? "ok" : `fail(${JSON.stringify(doing.answer)})`
    case "acknowledge":
      return `acknowledge ${doing.positions.join(", ")}`
    case "interrupt":
      return `interrupt worker ${doing.worker}`
    case "crash":
      return doing.power ? "crash: the power goes" : "crash: the process is killed"
    case "writeback":
      return `writeback ${doing.parts.join(", ")}`
    case "advance":
      return `advance ${doing.millis} ms`
    case "read":
      return doing.fails ? "the spool cannot be read" : "the spool can be read"
    case "disk":
      return doing.full ? "the disk is full" : "the disk has room"
    case "signal":
      return doing.isExit ? "signal: exit" : "signal: the deadline is now"
    default:
      return doing._tag
  }
}

export const show = (action: Action): string =>
  action.tasks === undefined ? textOf(action) : `${textOf(action)}; then ${action.tasks} tasks`
