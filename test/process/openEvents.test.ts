import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { recordsIn } from "./files.ts"
import { fixture, run, start } from "./program.ts"

/** What a program has printed of its events, by name. */
const outcomes = (stdout: string) =>
  Effect.map(recordsIn(stdout), (records) =>
    records
      .filter(({ annotations }) => "event.name" in Object(annotations))
      .map(({ annotations }) => {
        const { "event.name": name, "event.outcome": outcome, step } = Object(annotations)
        return `${name} ${outcome} ${step}`
      })
      .toSorted((a, b) => a < b ? -1 : 1))

describe.concurrent("events that are open when the process ends", () => {
  for (const how of ["exit", "uncaught"]) {
    it.live(`are each a record (${how})`, () =>
      Effect.gen(function*() {
        const { stdout } = yield* run(fixture("openEvents"), [how])
        assert.deepStrictEqual(yield* outcomes(stdout), ["daemon shutdown 1", "main shutdown 1"])
      }))
  }

  it.live("are each a record after a signal: what runMain interrupts says so", () =>
    Effect.gen(function*() {
      const program = yield* start(fixture("openEvents"), ["signal"])
      yield* program.until(/open/)
      program.send("SIGTERM")
      const { stdout } = yield* program.end
      assert.deepStrictEqual(yield* outcomes(stdout), ["daemon shutdown 1", "main interrupted 1"])
    }))
})
