import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Reason } from "../../LogSink.ts"
import { parseDuration } from "../../options/duration.ts"
import type { BodyFor, Named, Script } from "./body.ts"
import type { Answers } from "./contract.ts"
import type { Rule } from "./rules.ts"
import type { Trial } from "./Trial.ts"
import { broken, type Ended, said } from "./verdict.ts"

interface Expected {
  readonly rule: Rule
  readonly name: string
  /** What the sink must make of it, after “must”. */
  readonly text: string
  readonly is: (ended: Ended) => boolean
  /** Whether the far end is there for the next write. */
  readonly isLast?: true
}

type Simple = Exclude<
  keyof Answers<never>,
  | "busyForNonsense"
  | "acknowledgementLost"
  | "headStored"
  | "hangUp"
  | "brokenAnswer"
  | "silence"
  | "slow"
  | "endless"
  | "redirect"
>

const of = <Tag extends Reason["_tag"]>(
  tag: Tag,
  and: (reason: Extract<Reason, { readonly _tag: Tag }>) => boolean = () => true
) =>
(ended: Ended): boolean => ended._tag === "Failed" && isTagged(ended.error.reason, tag) && and(ended.error.reason)

const isTagged = <Tag extends Reason["_tag"]>(
  reason: Reason,
  tag: Tag
): reason is Extract<Reason, { readonly _tag: Tag }> => reason._tag === tag

/** How many records a write has whose answer is looked at. */
const batchSize = 4

/** Seven seconds, as far as somebody can tell who reads the clock once more. */
const aboutSeven = (asked: unknown, least: number): boolean => {
  const wait = parseDuration(asked)
  const millis = wait === undefined ? 0 : Duration.toMillis(wait)
  return millis >= least && millis <= 7000
}

const only = (positions: ReadonlyArray<number> | undefined, position: number): boolean =>
  positions?.length === 1 && positions[0] === position

const isSecondRefused = (reason: Reason, thirdAgain: boolean): boolean => {
  if (reason._tag === "Rejected") return !thirdAgain && only(reason.records, 1)
  if (reason._tag !== "PerRecord") return false
  const { again = [], refused = [] } = reason
  return only(refused.map(({ record }) => record), 1) && refused.every(({ message }) => message !== "") &&
    (thirdAgain ? only(again, 2) : again.length === 0)
}

const expectations: Readonly<Record<Simple, Expected>> = {
  unavailable: {
    rule: "classification",
    name: "that the far end cannot now",
    text: "fail with Unavailable, or with PerRecord and all to be tried again",
    is: (ended) =>
      of("Unavailable")(ended) ||
      of("PerRecord", ({ again = [], refused = [] }) => refused.length === 0 && new Set(again).size === batchSize)(
        ended
      )
  },
  busyForSevenSeconds: {
    rule: "classification",
    name: "that the far end cannot for seven seconds",
    text: "fail with Unavailable and a retryAfter of 7 s",
    is: of("Unavailable", ({ retryAfter }) => aboutSeven(retryAfter, 7000))
  },
  busyUntilInSevenSeconds: {
    rule: "classification",
    name: "that the far end cannot before a time",
    text: "fail with Unavailable and a retryAfter of up to 7 s",
    is: of("Unavailable", ({ retryAfter }) => aboutSeven(retryAfter, 4000))
  },
  refused: {
    rule: "classification",
    name: "that the batch is refused",
    text: "fail with Rejected, or with PerRecord and nothing to be tried again",
    is: (ended) =>
      of("Rejected", ({ count, records }) => count !== 0 && records?.length !== 0)(ended) ||
      of("PerRecord", ({ again = [], refused = [] }) => refused.length > 0 && again.length === 0)(ended)
  },
  secondRefused: {
    rule: "record by record",
    name: "that the second record is refused",
    text: "name the second record as refused, and no other",
    is: (ended) => ended._tag === "Failed" && isSecondRefused(ended.error.reason, false)
  },
  secondRefusedThirdAgain: {
    rule: "record by record",
    name: "that the second record is refused and the third is to come again",
    text: "fail with PerRecord, the second refused with a message and the third to be tried again",
    is: (ended) => ended._tag === "Failed" && isSecondRefused(ended.error.reason, true)
  },
  twoRefused: {
    rule: "count",
    name: "that two records are refused",
    text: "fail with Rejected and a count of 2",
    is: of("Rejected", ({ count, records }) => records === undefined && count === 2)
  },
  warning: {
    rule: "count",
    name: "that all is stored, with a warning",
    text: "succeed, or fail with Rejected and a count of 0",
    is: (ended) => ended._tag === "Stored" || of("Rejected", ({ count }) => count === 0)(ended)
  },
  tooLarge: {
    rule: "classification",
    name: "that the batch is too large",
    text: "fail with TooLarge",
    is: of("TooLarge")
  },
  misconfigured: {
    rule: "classification",
    name: "that somebody must change something",
    text: "fail with Misconfigured",
    is: of("Misconfigured")
  },
  closed: {
    rule: "classification",
    name: "that it is gone for good",
    text: "fail with Closed",
    is: of("Closed"),
    isLast: true
  }
}

/** What a sink makes of each answer. */
export const answering = <Far, R>(answers: Answers<Far>): ReadonlyArray<Named<Far, R>> =>
  simple.flatMap((kind) => {
    const script = answers[kind]
    if (script === undefined) return []
    const { isLast, name, rule } = expectations[kind]
    const understands: Named<Far, R> = [rule, `what it makes of it ${name}`, isUnderstood(kind, script)]
    if (isLast) return [understands]
    return [understands, ["recovery", `writes go on after it said ${name}`, goesOn(script)] satisfies Named<Far, R>]
  })

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a record of them
const simple = Object.keys(expectations) as ReadonlyArray<Simple>

const isUnderstood = <Far, R>(kind: Simple, script: Script<Far>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    const { is, rule, text } = expectations[kind]
    yield* script(trial.far)
    const before = yield* trial.attempts
    const ended = yield* trial.write(trial.samples(batchSize))
    yield* isTriedOnce(trial, before)
    if (!is(ended)) return yield* broken(rule, `a write must ${text}, ${said(ended)}`)
  })

/** A sink never tries again by itself: its lane knows when, and counts. */
export const isTriedOnce = <Far, R>(trial: Trial<Far, R>, before: ReadonlyArray<string> | undefined) =>
  Effect.gen(function*() {
    const after = yield* trial.attempts
    const tries = (after?.length ?? 1) - (before?.length ?? 0)
    if (tries > 1) return yield* broken("single attempt", `a write must try once, it tried ${tries} times`)
  })

const goesOn = <Far, R>(script: Script<Far>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    yield* script(trial.far)
    yield* trial.write(trial.samples(4))
    const next = trial.samples(3, 4)
    yield* trial.storedWrite(next, "recovery", "the write after it")
    const ids = new Set(yield* trial.storedIds)
    const missing = trial.idsOf(next).filter((id) => !ids.has(id))
    if (missing.length > 0) {
      return yield* broken("recovery", `the write after it must be stored, records that are not: ${missing.length}`)
    }
  })
