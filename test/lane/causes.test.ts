import { assert, describe, it } from "@effect/vitest"
import { Cause, Config, ConfigProvider, Effect, Schema } from "effect"
import { describeError, withCauses } from "../../src/diagnostics/describe.ts"
import type { DeadLetter } from "../../src/LogSink.ts"
import * as LogSink from "../../src/LogSink.ts"
import { makeLane } from "../support/lanes.ts"

const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:80"), { code: "ECONNREFUSED" })
const failedFetch = new TypeError("fetch failed", { cause: refused })

const schemaError = (): unknown => {
  try {
    return Schema.decodeUnknownSync(Schema.Struct({ id: Schema.Finite }))({ id: "S3CRET" })
  } catch (error) {
    return error
  }
}

const syntaxError = (): unknown => {
  try {
    return JSON.parse("S3CRET body")
  } catch (error) {
    return error
  }
}

const unreadable = new Error("x")
Object.defineProperty(unreadable, "message", {
  get() {
    throw new Error("no")
  }
})

const chained = (depth: number): Error => new Error(`level ${depth}`, depth === 0 ? {} : { cause: chained(depth - 1) })

describe("the causes of an error that a sink gave", () => {
  it.each<[title: string, cause: unknown, said: string]>([
    ["none", undefined, "no answer"],
    ["an error", new Error("reset"), "no answer: reset"],
    ["an error with a cause", failedFetch, "no answer: fetch failed: connect ECONNREFUSED 127.0.0.1:80"],
    ["an Effect's cause", Cause.fail(refused), "no answer: connect ECONNREFUSED 127.0.0.1:80"],
    ["three levels", chained(5), "no answer: level 5: level 4: level 3"],
    ["several lines", new Error("one\ntwo"), "no answer: one"],
    ["no message, but a code", Object.assign(new Error(""), { code: "ECONNRESET" }), "no answer: ECONNRESET"],
    ["what was said already", new Error("no answer"), "no answer"],
    ["a body", "<html>S3CRET</html>", "no answer"],
    ["an object", { message: "S3CRET", headers: { authorization: "S3CRET" } }, "no answer"],
    ["what quotes an answer: Effect's schemas", schemaError(), "no answer: SchemaError"],
    ["what quotes an answer: JSON", syntaxError(), "no answer: SyntaxError"],
    ["one that throws when it is read", unreadable, "no answer"],
    [
      "a long one",
      new Error("x".repeat(1000)),
      `no answer: ${"x".repeat(256)}…[truncated: 1000 characters]`
    ]
  ])("%s", (_, cause, said) => {
    const error = LogSink.unavailable("no answer", { cause })
    assert.strictEqual(withCauses(error.message, error), said)
    assert.strictEqual(describeError(error), said)
  })

  it("the code of the system that a message has is not said again", () => {
    const cause = Object.assign(new Error("EACCES: permission denied, open '/x'"), { code: "EACCES" })
    const error = LogSink.misconfigured("cannot open /x (EACCES)", { cause })
    assert.strictEqual(withCauses(error.message, error), "cannot open /x (EACCES)")
  })

  it.effect("one of the configuration names what it lacks, without its value", () =>
    Effect.gen(function*() {
      const errorWith = (env: object) =>
        Effect.flip(Config.all({ url: Config.String("LOGS_URL"), port: Config.Int("PORT") })).pipe(
          Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromUnknown(env))
        )
      const missing = yield* errorWith({ PORT: "1" })
      const said = "the configuration lacks LOGS_URL, or has no valid value there"
      assert.strictEqual(describeError(missing), said)
      assert.strictEqual(
        describeError(yield* errorWith({ LOGS_URL: "x", PORT: "S3CRET" })),
        "the configuration lacks PORT, or has no valid value there"
      )
      const required = yield* Effect.flip(LogSink.required(Effect.fail(missing)))
      assert.strictEqual(describeError(required), `a required sink could not be acquired: ${said}`)
    }))

  it.effect("one of the source of the configuration is as it is", () =>
    Effect.sync(() => {
      const error = new Config.ConfigError(new ConfigProvider.SourceError({ message: "cannot read .env" }))
      assert.strictEqual(describeError(error), "cannot read .env")
    }))

  it("a cause that is its own cause ends", () => {
    const own = new Error("own")
    own.cause = own
    assert.strictEqual(describeError(own), "own")
  })

  it.effect("are in the line, in lastError and in the dead letter, without credentials", () =>
    Effect.gen(function*() {
      const letters: Array<DeadLetter> = []
      const cause = new Error("POST https://ada:S3CRET@far.example/logs?access_token=S3CRET")
      const sink = LogSink.make({
        name: "far",
        batchWindow: 0,
        deadLetter: (more) => letters.push(...more),
        write: () => Effect.fail(LogSink.rejected("refused", { cause }))
      })
      const { diagnostics, lane, offer } = yield* makeLane(sink)
      offer(1)
      yield* lane.flush
      for (const text of [diagnostics.join(), lane.stats().lastError, letters[0]?.lastError]) {
        assert.include(text, "refused: POST https://")
        assert.notInclude(text, "S3CRET")
      }
    }))

  it.effect("a defect says what caused it", () =>
    Effect.gen(function*() {
      const sink = LogSink.make({ name: "far", batchWindow: 0, write: () => Effect.die(failedFetch) })
      const { diagnostics, offer } = yield* makeLane(sink)
      offer(1)
      while (diagnostics.length === 0) yield* Effect.yieldNow
      assert.strictEqual(
        diagnostics[0],
        "[spillway] far: the write died: TypeError: fetch failed: connect ECONNREFUSED 127.0.0.1:80 (1 record); " +
          "tried again: mend the sink\n"
      )
    }))
})
