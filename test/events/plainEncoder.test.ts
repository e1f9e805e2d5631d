import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Schema, SchemaParser } from "effect"
import { LogEvent } from "../../src/index.ts"
import { EventMessage } from "../../src/record/EventMessage.ts"
import { recordsOf } from "../support/capture.ts"
import { samplesOf } from "./randomSchemas.ts"

const perEvent = 12

describe("the fields of an event", () => {
  for (let seed = 0; seed < 40; seed++) {
    it.effect(`are what Schema.toCodecJson makes of them, or markers where it fails: schemas of seed ${seed}`, () =>
      Effect.gen(function*() {
        const samples = samplesOf(1000 + seed, perEvent, false)
        const fields = Object.fromEntries(samples.map(({ schema }, i) => [`f${i}`, schema]))
        const Event = LogEvent.make("some.event", { fields })
        const given = Object.fromEntries(samples.map(({ value }, i) => [`f${i}`, value]))
        const [record] = yield* recordsOf(Event.log(given))
        for (const [i, { isTaken, schema, value }] of samples.entries()) {
          const exit = SchemaParser.encodeUnknownExit(Schema.toCodecJson(schema))(value)
          const shown: unknown = JSON.parse(JSON.stringify(record?.annotations[`f${i}`]))
          assert.strictEqual(Exit.isSuccess(exit), isTaken)
          if (Exit.isSuccess(exit)) assert.deepStrictEqual(shown, JSON.parse(JSON.stringify(exit.value)))
          else assert.match(String(shown), /^\[not encoded: expected /)
        }
      }))
  }

  it.effect("are the same for loggers that know nothing of events", () =>
    Effect.gen(function*() {
      const samples = samplesOf(7, perEvent, false)
      const fields = Object.fromEntries(samples.map(({ schema }, i) => [`f${i}`, schema]))
      const Event = LogEvent.make("some.event", { fields })
      const given = Object.fromEntries(samples.map(({ value }, i) => [`f${i}`, value]))
      let message: unknown
      const [record] = yield* recordsOf(
        Effect.sync(() => {
          Event.write({ ...silent, info: (said) => message = said }, given)
        }).pipe(Effect.andThen(Event.log(given)))
      )
      assert.instanceOf(message, EventMessage)
      assert.deepStrictEqual(JSON.parse(JSON.stringify(message)), JSON.parse(JSON.stringify(record?.annotations)))
    }))
})

const nothing = (): void => {}
const silent = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing }
