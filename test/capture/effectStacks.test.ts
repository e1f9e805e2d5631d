import { assert, describe, it } from "@effect/vitest"
import { Cause, Data, Effect, Exit, Fiber, Schema } from "effect"
import * as vm from "node:vm"
import { LogEncoder, LogRecord, LogSink } from "../../src/index.ts"
import { CauseSnapshot } from "../../src/record/ErrorSnapshot.ts"
import { decodeRecords } from "../../src/spool/recordCodec.ts"
import { encodeRecords } from "../spool/support.ts"
import { makeSnapshot, recordsOf } from "../support/capture.ts"

class NotFound extends Data.TaggedError("NotFound")<{ readonly id: number }> {}
class Oops extends Schema.TaggedError<Oops>()("Oops", { order: Schema.Finite }) {}
class Wrapped extends Data.TaggedError("Wrapped")<{ readonly cause: unknown }> {}
const Order = Schema.Struct({ id: Schema.Int, name: Schema.NonEmptyString })

const fails = (effect: Effect.Effect<unknown, unknown>): Cause.Cause<unknown> => {
  const exit = Effect.runSyncExit(effect)
  return Exit.isFailure(exit) ? exit.cause : assert.fail("it did not fail")
}
const load = Effect.fn("Repo.load")(function*(error: unknown) {
  yield* Effect.void
  return yield* Effect.fail(error)
})
const handle = Effect.fn("Service.handle")(function*(error: unknown) {
  return yield* load(error)
})
const nested = (depth: number): Effect.Effect<never, string> =>
  depth === 0 ? Effect.fail("deep") : Effect.withSpan(nested(depth - 1), `span ${depth}`)
const withStack = (error: Error, stack: unknown): Error => Object.defineProperty(error, "stack", { value: stack })
const cyclic = (): Error => {
  const error = new Error("first")
  error.cause = new Error("second", { cause: error })
  return error
}
const lazy = (): Error => {
  const error = new Error("lazy")
  return Object.defineProperty(error, "stack", { get: () => "Error: lazy\n    at made (late.ts:1:2)" })
}
const renamed = (): Error => {
  const error = new Error("old")
  assert.include(String(error.stack), "old", "a stack is made when it is first read")
  return Object.assign(error, { name: "Renamed", message: "new" })
}

/** Thirty causes, all of them of what `Cause.pretty` can show. */
const causes: ReadonlyArray<readonly [title: string, cause: Cause.Cause<unknown>]> = [
  ["a failure", Cause.fail(new Error("no"))],
  ["a tagged error", Cause.fail(new NotFound({ id: 7 }))],
  ["an error of a schema class", fails(handle(new Oops({ order: 1 })))],
  ["a defect", Cause.die(new TypeError("bug"))],
  ["a defect of a program", fails(Effect.withSpan(Effect.die(new RangeError("bug")), "import"))],
  ["a text", Cause.fail("no")],
  ["a text that came through functions", fails(handle("no"))],
  ["an object", Cause.fail({ id: 1 })],
  ["an object with a message", fails(load({ message: "no", id: 1 }))],
  ["an object with a name and a message", Cause.die({ name: "Odd", message: "no" })],
  ["a number", Cause.fail(42)],
  ["a boolean that came through a span", fails(Effect.withSpan(Effect.fail(true), "check"))],
  ["a list", Cause.die(["a", 1])],
  ["a chain of causes", Cause.fail(new Error("a", { cause: new TypeError("b", { cause: new RangeError("c") }) }))],
  ["a chain that ends in a text", Cause.fail(new Error("a", { cause: "b" }))],
  ["a chain through tagged errors", fails(handle(new Wrapped({ cause: new NotFound({ id: 1 }) })))],
  ["an AggregateError", Cause.die(new AggregateError([new Error("one"), "two"], "both"))],
  ["two failures side by side", Cause.combine(fails(load(new Error("left"))), fails(handle("right")))],
  ["a failure and a defect", Cause.combine(Cause.fail(new Error("failed")), Cause.die(new Error("bug")))],
  ["a failure and an interruption", Cause.combine(Cause.fail(new Error("failed")), Cause.interrupt(3))],
  ["functions in spans", fails(Effect.withSpan(handle(new Error("no")), "request"))],
  ["ten spans", fails(nested(10))],
  ["an error of another realm", Cause.fail(vm.runInNewContext("new RangeError('far', { cause: 'away' })"))],
  ["an error without a stack", fails(load(withStack(new Error("bare"), undefined)))],
  ["an error with a lazy stack", Cause.fail(lazy())],
  ["an error with a stack of its own", Cause.fail(withStack(new Error("own"), "Error: own\n    at a (b.ts:1:2)"))],
  ["an error that was renamed", Cause.die(renamed())],
  ["an error of a schema", fails(handle(Schema.decodeUnknownExit(Order)({ id: "x" }).pipe(errorOf)))],
  ["an error of a sink", Cause.fail(LogSink.unavailable("no answer", { cause: new Error("refused") }))],
  ["an error with properties", Cause.fail(Object.assign(new Error("no"), { code: "E_NO", details: { a: [1] } }))],
  ["an empty message", Cause.fail(new Error(""))],
  ["a message of several lines", fails(load(new Error("first\nsecond\n  third")))]
]

function errorOf<A, E>(exit: Exit.Exit<A, E>): unknown {
  return Exit.isFailure(exit) ? Cause.squash(exit.cause) : assert.fail("it did not fail")
}

/** What Effect's own logger shows, line by line, without the braces around what an error was caused by. */
const linesOfEffect = (cause: Cause.Cause<unknown>): ReadonlyArray<string> =>
  Cause.pretty(cause).split("\n").map((line) => line.trim().replace(/ \{$/, "").replace(/^\[cause\]: /, ""))
    .filter((line) => line !== "}").map((line) => line.replace(/:$/, ""))

/** The same lines from a snapshot. What is no error has no name in it: Effect calls it `Error`. */
const linesOf = (reasons: ReadonlyArray<LogRecord.CauseReason>): ReadonlyArray<string> =>
  reasons.flatMap((reason) => "error" in reason ? linesOfError(reason.error, reason.frames) : [])

const linesOfError = (error: unknown, calls: ReadonlyArray<string> = []): ReadonlyArray<string> => {
  if (!(error instanceof LogRecord.ErrorSnapshot)) {
    return [`Error: ${typeof error === "string" ? error : JSON.stringify(error)}`, ...calls]
  }
  const own = [...error.title.split("\n").map((line) => line.trim().replace(/:$/, "")), ...error.frames, ...calls]
  return error.cause === undefined ? own : [...own, ...linesOfError(error.cause)]
}

const shownIn = (text: string): ReadonlyArray<string> =>
  text.split("\n").map((line) => line.trim().replace(/ \{$/, "").replace(/^(?:Defect|\[cause\]): /, ""))

describe("F85: stacks are those that Effect shows", () => {
  it.each(causes)("of %s", (_, cause) => {
    const expected = linesOfEffect(cause)
    const record = LogRecord.make({ message: "x", cause: makeSnapshot().cause(cause) })
    const [decoded] = decodeRecords(encodeRecords([record]), 1)
    assert.deepStrictEqual(linesOf(record.cause ?? []), expected)
    assert.deepStrictEqual(decoded?.cause, record.cause, "also after a spool, and in dead letters")

    const json: { readonly cause: string } = JSON.parse(LogEncoder.json().encode(record))
    const logfmt: string = JSON.parse(
      / cause=("(?:[^"\\]|\\.)*"|\S+)/.exec(LogEncoder.logfmt().encode(record))![1]!.replace(/^[^"].*$/, "\"$&\"")
    )
    for (const text of [json.cause, logfmt, LogEncoder.pretty().encode(record)]) {
      const lines = shownIn(text)
      for (const line of expected) {
        assert.isTrue(lines.includes(line) || lines.includes(line.replace(/^Error: /, "")), line)
      }
      const frames = lines.filter((line) => line.startsWith("at "))
      const isAggregate = text.includes("[error]: Error: one")
      if (!isAggregate) assert.deepStrictEqual(frames, expected.filter((line) => line.startsWith("at ")))
    }
  })

  it.effect("of interruptions, and of who interrupted", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(Effect.withSpan(Effect.never, "sleeper"), { startImmediately: true })
      yield* Effect.withSpan(Fiber.interrupt(fiber), "killer")
      const exit = yield* Fiber.await(fiber)
      assert.isTrue(Exit.isFailure(exit))
      if (!Exit.isFailure(exit)) return
      const [reason] = makeSnapshot().cause(exit.cause)
      assert.isTrue(reason?.kind === "Interrupt")
      if (reason?.kind !== "Interrupt") return
      const shown = linesOfEffect(exit.cause)
      assert.deepStrictEqual(
        [...reason.frames ?? [], `at fiber (#${reason.fiberId})`, ...reason.interruptor ?? []],
        shown.filter((line) => line.startsWith("at "))
      )
      assert.match(shown.join("\n"), /at sleeper [^]*at killer /)
      const text = LogEncoder.pretty().encode(LogRecord.make({ message: "x", cause: [reason] }))
      assert.match(text, /Interrupted by #\d+\n +at sleeper [^]*\n +\[interruptor\]\n +at killer /)
    }))

  it.effect("of errors that are messages and annotations, which are cut where Effect cuts", () =>
    Effect.gen(function*() {
      const cause = fails(handle(new Oops({ order: 1 })))
      const error = Cause.squash(cause)
      const [record] = yield* recordsOf(Effect.logError("failed", error).pipe(Effect.annotateLogs("error", error)))
      const [, message]: ReadonlyArray<unknown> = Array.isArray(record!.message) ? record!.message : []
      for (const copy of [message, record!.annotations["error"]]) {
        const frames = copy instanceof LogRecord.ErrorSnapshot ? copy.frames : []
        assert.strictEqual(frames.length, 1)
        assert.deepStrictEqual([...frames], linesOfEffect(cause).slice(1, 2))
      }
      const [decoded] = decodeRecords(encodeRecords([record!]), 1)
      assert.deepStrictEqual(decoded?.message, record!.message)
      assert.deepStrictEqual(decoded?.annotations, record!.annotations)
    }))

  it("of a cause inside an error", () => {
    const inner = fails(handle("no"))
    const record = LogRecord.make({
      message: "x",
      cause: makeSnapshot().cause(Cause.fail(new Error("outer", { cause: inner })))
    })
    const [reason] = record.cause!
    assert.isTrue(reason?.kind === "Fail" && reason.error instanceof LogRecord.ErrorSnapshot)
    if (reason?.kind !== "Fail" || !(reason.error instanceof LogRecord.ErrorSnapshot)) return
    assert.isTrue(reason.error.cause instanceof CauseSnapshot)
    if (reason.error.cause instanceof CauseSnapshot) {
      assert.deepStrictEqual(linesOf(reason.error.cause.reasons), linesOfEffect(inner))
    }
    assert.match(LogEncoder.pretty().encode(record), /\n {6}\[cause\]: no\n {10}at Repo\.load \(/)
    assert.deepStrictEqual(decodeRecords(encodeRecords([record]), 1)[0]?.cause, record.cause)
  })

  it("of a chain that comes back to itself", () => {
    const [reason] = makeSnapshot().cause(Cause.fail(cyclic()))
    const text = LogEncoder.pretty().encode(LogRecord.make({ message: "x", cause: [reason!] }))
    assert.match(text, /Error: first\n[^]*\[cause\]: Error: second\n[^]*\[cause\]: \[Circular\]/)
  })

  it("a cause that was made by hand is shown without any", () => {
    const cause: unknown = { reasons: [{ _tag: "Fail", error: "no" }] }
    assert.deepStrictEqual(makeSnapshot().cause(Object(cause)), [{ kind: "Fail", error: "no" }])
  })

  it("a frame that cannot be read costs itself only", () => {
    const boom = (): never => {
      throw new Error("boom")
    }
    const cause = fails(
      Effect.withSpan(Effect.withSpan(Effect.fail("no"), "inner", { captureStackTrace: boom }), "outer")
    )
    const [reason] = makeSnapshot().cause(cause)
    assert.isTrue(reason?.kind === "Fail")
    if (reason?.kind === "Fail") assert.match(reason.frames?.join("\n") ?? "", /^at inner\nat outer \(/)
  })
})
