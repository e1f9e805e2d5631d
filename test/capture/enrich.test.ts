import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Option, Redacted } from "effect"
import { Enricher } from "../../src/capture/Enricher.ts"
import { FiberOrigins } from "../../src/capture/FiberOrigins.ts"
import { Diagnostics } from "../../src/diagnostics/Diagnostics.ts"
import { Logging, LogRecord } from "../../src/index.ts"
import { makeSnapshot, recordsOf } from "../support/capture.ts"
import * as Hostile from "../support/hostile.ts"

class Tenant extends Context.Service<Tenant, { readonly id: string }>()("Tenant") {}

const info = LogRecord.severityOf("Info")

const tenantOf = (services: Context.Context<never>) =>
  Option.match(Context.getOption(services, Tenant), {
    onNone: () => undefined,
    onSome: ({ id }) => ({ tenant: id })
  })

const as = (id: string) => Effect.provideService(Tenant, { id })

const annotationsOf = (records: ReadonlyArray<LogRecord.LogRecord>) =>
  records.map((record) => LogRecord.ordinary(record).annotations)

/** Origins with fields, and how often these were asked for. */
const counting = (enrich: (services: Context.Context<never>) => Record<string, unknown> | undefined = tenantOf) => {
  const lines: Array<string> = []
  let asked = 0
  const origins = new FiberOrigins(
    "r",
    new Enricher((services) => {
      asked++
      return enrich(services)
    }, new Diagnostics((line) => lines.push(line), () => 0))
  )
  const here = Effect.map(Effect.fiber, (fiber) => {
    const known = origins.known(info, fiber) !== undefined
    return { known, origin: origins.of("Info", info, fiber, 0, makeSnapshot()) }
  })
  return { origins, here, lines, asked: () => asked }
}

/** What a program without types may give. */
const bad = (given: () => unknown): () => Record<string, unknown> =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what is tested
  given as () => Record<string, unknown>

describe("fields from the services of a fiber", () => {
  it.effect("are on its records, before its annotations, which count", () =>
    Effect.gen(function*() {
      const program = Effect.gen(function*() {
        yield* Effect.logInfo("nobody")
        yield* as("acme")(Effect.logInfo("one"))
        yield* as("acme")(Effect.annotateLogs(Effect.logInfo("two"), { order: 1 }))
        yield* as("acme")(Effect.annotateLogs(Effect.logInfo("three"), { tenant: "own" }))
        yield* as("other")(Effect.logInfo("four"))
        yield* Effect.logInfo("nobody")
      })
      assert.deepStrictEqual(annotationsOf(yield* recordsOf(program, { enrich: tenantOf })), [
        {},
        { tenant: "acme" },
        { tenant: "acme", order: 1 },
        { tenant: "own" },
        { tenant: "other" },
        {}
      ])
    }))

  it.effect("are redacted and bounded like annotations", () =>
    Effect.gen(function*() {
      const enrich = () => ({
        apiKey: "hunter2",
        pin: Redacted.make("hunter2"),
        nested: { password: "hunter2", list: Array.from({ length: 200 }, () => 1) },
        text: "x".repeat(100_000)
      })
      const [record] = yield* recordsOf(Effect.logInfo("m"), { enrich })
      const text = JSON.stringify(record)
      assert.notInclude(text, "hunter2")
      assert.include(text, "100 more items")
      assert.include(text, "[truncated: 100000 characters]")
      const many = () => Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`key${i}`, i]))
      const [other] = yield* recordsOf(Effect.annotateLogs(Effect.logInfo("m"), { a: 1, b: 2 }), { enrich: many })
      assert.isAtMost(Object.keys(other?.annotations ?? {}).length, 101)
      assert.isAbove(other?.bytes ?? 0, 100 * 20)
    }))

  it.effect("are asked for once for the same services, not for each record, level, or turn of a fiber", () =>
    Effect.gen(function*() {
      const { asked, here, origins } = counting()
      const turns = Effect.gen(function*() {
        const first = yield* here
        yield* Effect.yieldNow
        origins.release()
        const second = yield* here
        assert.deepStrictEqual([first.known, second.known], [false, true])
        assert.strictEqual(first.origin, second.origin)
        return second.origin.context.annotations["tenant"]
      })
      const fibers = Array.from({ length: 20 }, (_, i) => as(`t${i}`)(turns))
      const tenants = yield* Effect.all(fibers, { concurrency: "unbounded" })
      assert.deepStrictEqual(tenants, Array.from({ length: 20 }, (_, i) => `t${i}`))
      assert.strictEqual(asked(), 20)
    }))

  it.effect("are those of the services that a fiber has now, with the same annotations", () =>
    Effect.gen(function*() {
      const { here, origins } = counting()
      const tenant = (id: string) =>
        as(id)(Effect.map(here, ({ origin }) => {
          origins.release()
          return origin.context.annotations["tenant"]
        }))
      assert.deepStrictEqual(yield* Effect.forEach(["a", "b", "a"], tenant), ["a", "b", "a"])
    }))

  it.effect("are not held beyond a batch when they are large", () =>
    Effect.gen(function*() {
      const { here, origins } = counting(() => ({ note: "x".repeat(5000) }))
      const seen = Effect.gen(function*() {
        const before = [(yield* here).known, (yield* here).known]
        origins.release()
        return [...before, (yield* here).known]
      })
      assert.deepStrictEqual(yield* seen, [false, true, false])
    }))

  for (
    const [what, enrich, problem] of [
      ["throws", () => {
        throw new Error("no tenant")
      }, "threw no tenant"],
      ["gives a promise", bad(() => Promise.reject(new Error("unseen"))), "gave an object of Promise"],
      ["gives a text", bad(() => "text"), "gave \"text\""]
    ] as const
  ) {
    it.effect(`are left out where the function ${what}, which is said`, () =>
      Effect.gen(function*() {
        const lines: Array<string> = []
        const program = Effect.annotateLogs(Effect.andThen(Effect.logInfo("1"), as("a")(Effect.logInfo("2"))), "a", 1)
        const records = yield* recordsOf(program, { enrich, diagnostics: (line) => lines.push(line) })
        assert.deepStrictEqual(annotationsOf(records), [{ a: 1 }, { a: 1 }])
        assert.include(lines[0], `enrich ${problem}; the records have none of its fields: mend it`)
      }))
  }

  it.effect.prop("are total, whatever is given", [Hostile.value], ([value]) =>
    Effect.gen(function*() {
      const records = yield* recordsOf(Effect.logInfo("m"), { enrich: bad(() => value) })
      assert.strictEqual(records.length, 1)
      assert.isString(JSON.stringify(records[0]))
    }), { arbitrary: { runs: 100 } })

  it.effect("may be asked for by a function that logs", () =>
    Effect.gen(function*() {
      const asking = Effect.gen(function*() {
        const { logger } = yield* Logging.Logging
        log = () => logger.info("within")
        yield* Effect.logInfo("outer")
      })
      let log = (): void => {}
      const records = yield* recordsOf(asking, {
        enrich: (services) => {
          log()
          return tenantOf(services)
        }
      })
      assert.includeMembers(records.map(({ message }) => message), ["within", "outer"])
    }))

  it.effect("are none of the direct logger's", () =>
    Effect.gen(function*() {
      const program = Effect.gen(function*() {
        const { logger } = yield* Logging.Logging
        logger.info("direct", { own: 1 })
      })
      assert.deepStrictEqual(annotationsOf(yield* as("acme")(recordsOf(program, { enrich: tenantOf }))), [{ own: 1 }])
    }))
})
