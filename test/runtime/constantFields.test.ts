import { assert, describe, it } from "@effect/vitest"
import { Cause, Context, Effect, Option, Redacted } from "effect"
import { LogEncoder, type LogRecord, LogSink, MemorySink } from "../../src/index.ts"
import { recordsOf } from "../support/capture.ts"
import { settle } from "../support/lanes.ts"
import { makeRuntime } from "../support/runtime.ts"

const fields = { service: "shop", pid: 42 }

const annotationsOf = (records: ReadonlyArray<LogRecord.LogRecord>) =>
  records.map(({ annotations }) => JSON.parse(JSON.stringify(annotations)))

describe("constant fields", () => {
  it.effect("are on every record, whoever logs it, before what that says", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make()
      const runtime = yield* makeRuntime({ sinks: [memory], fields, limits: { keys: 100 } })
      const { logger } = runtime.service
      const told = Cause.fail("no host")
      yield* runtime.run(Effect.gen(function*() {
        yield* Effect.logInfo("text")
        yield* Effect.logInfo("text again")
        yield* Effect.logWarning("parts", { a: 1 }, told)
        yield* Effect.annotateLogs(Effect.logInfo("annotated"), { order: 7 })
        yield* Effect.annotateLogs(Effect.logInfo("of another service"), { service: "mail" })
      }))
      logger.info("direct")
      logger.info("direct", { order: 8 })
      logger.with({ order: 9 }).info("bound")
      logger.with({ order: 9 }).info("bound", { pid: 1 })
      runtime.control.crash(new Error("boom"))
      yield* runtime.close()
      assert.deepStrictEqual(annotationsOf(memory.records), [
        fields,
        fields,
        fields,
        { ...fields, order: 7 },
        { ...fields, service: "mail" },
        fields,
        { ...fields, order: 8 },
        { ...fields, order: 9 },
        { ...fields, order: 9, pid: 1 },
        fields
      ])
      const [first] = memory.records
      assert.deepStrictEqual(Object.keys(first?.annotations ?? {}), ["service", "pid"])
    }))

  it.effect("are on those of the runtime itself, and on the stubs of those that could not be captured", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make()
      const full = LogSink.make({ name: "full", capacity: 1, batchWindow: "1 hour", write: () => Effect.void })
      const redact = {
        isSensitive(key: string): boolean {
          if (key === "odd") throw new Error("bad rule")
          return false
        }
      }
      const runtime = yield* makeRuntime({ sinks: [memory, full], fields, redact })
      yield* runtime.run(Effect.andThen(Effect.logInfo({ odd: 1 }), Effect.logInfo("one")))
      yield* runtime.run(Effect.forEach([1, 2, 3], () => Effect.logInfo("more")))
      yield* settle
      yield* runtime.close()
      const withheld = memory.records.find(({ message }) => String(message).startsWith("[record withheld"))
      const summary = memory.records.find(({ message }) => String(message).includes("dropped"))
      for (const record of [withheld, summary]) {
        assert.strictEqual(record?.annotations["service"], "shop")
        assert.strictEqual(record?.annotations["pid"], 42)
      }
    }))

  it.effect("are copied and redacted once, when the runtime is built", () =>
    Effect.gen(function*() {
      let reads = 0
      const given = {
        get region() {
          reads++
          return "eu"
        },
        password: "hunter2",
        token: Redacted.make("hunter2"),
        tags: ["a"]
      }
      const records = yield* recordsOf(
        Effect.gen(function*() {
          given.tags.push("b")
          yield* Effect.logInfo("one")
          yield* Effect.forkChild(Effect.logInfo("two"), { startImmediately: true })
          yield* Effect.annotateLogs(Effect.logInfo("three"), { order: 1 })
        }),
        { fields: given }
      )
      assert.strictEqual(reads, 1)
      const [one, two, three] = annotationsOf(records)
      assert.deepStrictEqual(one, { region: "eu", password: "<redacted>", token: "<redacted>", tags: ["a"] })
      assert.deepStrictEqual(two, one)
      assert.deepStrictEqual(three, { ...one, order: 1 })
      assert.strictEqual(
        records[0]?.origin.context,
        records[1]?.origin.context,
        "encoders find the texts of one context"
      )
    }))

  it.effect("stand before what is said of the services of a fiber, and that before its annotations", () =>
    Effect.gen(function*() {
      class Tenant extends Context.Service<Tenant, string>()("test/Tenant") {}
      const tenants = (services: Context.Context<never>) =>
        Option.match(Context.getOption(services, Tenant), {
          onNone: () => undefined,
          onSome: (tenant) => ({ tenant, service: "enriched", order: 0 })
        })
      const records = yield* recordsOf(
        Effect.gen(function*() {
          yield* Effect.logInfo("none")
          yield* Effect.logInfo("none").pipe(Effect.annotateLogs({ order: 1 }))
          yield* Effect.logInfo("said").pipe(Effect.provideService(Tenant, "acme"))
          yield* Effect.logInfo("both").pipe(Effect.annotateLogs({ order: 1 }), Effect.provideService(Tenant, "acme"))
        }),
        { fields, enrich: tenants }
      )
      const said = { ...fields, service: "enriched", tenant: "acme" }
      assert.deepStrictEqual(annotationsOf(records), [
        fields,
        { ...fields, order: 1 },
        { ...said, order: 0 },
        { ...said, order: 1 }
      ])
    }))

  it.effect("are in every format", () =>
    Effect.gen(function*() {
      const [record] = yield* recordsOf(Effect.logInfo("one"), { fields })
      assert.isDefined(record)
      for (const format of ["json", "logfmt", "pretty"] as const) {
        assert.match(LogEncoder.make(format).encode(record), /service"?[=:] ?"?shop/, format)
      }
    }))

  it.effect("come first where a record has more keys than it may have", () =>
    Effect.gen(function*() {
      const [record] = yield* recordsOf(
        Effect.annotateLogs(Effect.logInfo("one"), { a: 1, b: 2, c: 3 }),
        { fields, limits: { keys: 3 } }
      )
      assert.deepStrictEqual(annotationsOf([record ?? assert.fail("there is one")]), [
        { ...fields, a: 1, "…": "[more keys]" }
      ])
    }))

  it.effect("that cannot be read say so, and the program logs all the same", () =>
    Effect.gen(function*() {
      const given = new Proxy({}, {
        ownKeys() {
          throw new Error("not today")
        }
      })
      const [record] = yield* recordsOf(Effect.logInfo("one"), { fields: given })
      assert.strictEqual(record?.message, "one")
      assert.match(JSON.stringify(record?.annotations), /threw/)
    }))
})
