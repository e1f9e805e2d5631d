import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { Logging, TestLogging } from "../../src/index.ts"

const greet = (name: string) => Effect.logInfo("greeted").pipe(Effect.annotateLogs({ name }))

it.effect("logs whom it greets", () =>
  Effect.gen(function*() {
    yield* greet("Ada")
    const [record] = yield* (yield* TestLogging.TestLogging).records
    assert.strictEqual(record?.message, "greeted")
    assert.deepStrictEqual(record?.annotations, { name: "Ada" })
  }).pipe(Effect.provide(Logging.layerTest())))
