import { assert, describe, it } from "@effect/vitest"
import { Effect, Option } from "effect"
import { stdSerializers } from "pino"
import * as PinoLogger from "../../src/bridges/PinoLogger.ts"
import { Logging, MemorySink } from "../../src/index.ts"
import * as Hostile from "../support/hostile.ts"
import { makeRuntime } from "../support/runtime.ts"

/** A pino logger over a runtime of its own whose records are in memory. */
const made = (options: PinoLogger.Options = {}, runtimeOptions: Partial<Logging.RuntimeOptions> = {}) =>
  Effect.gen(function*() {
    const memory = MemorySink.make()
    const { close, run, service } = yield* makeRuntime({ sinks: [memory], minimumLevel: "All", ...runtimeOptions })
    const logger = yield* Effect.provideService(PinoLogger.make(options), Logging.Logging, service)
    yield* Effect.addFinalizer(() => close())
    return { logger, service, run, records: Effect.as(service.flush, memory.records) }
  })

const names = ["trace", "debug", "info", "warn", "error", "fatal"] as const

describe("levels", () => {
  it.effect("of pino are ours", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made()
      for (const name of names) logger[name](name)
      logger.silent("nothing")
      assert.deepStrictEqual((yield* records).map(({ level, message }) => [level, message]), [
        ["Trace", "trace"],
        ["Debug", "debug"],
        ["Info", "info"],
        ["Warn", "warn"],
        ["Error", "error"],
        ["Fatal", "fatal"]
      ])
    }))

  it.effect("follow those of the runtime while it runs", () =>
    Effect.gen(function*() {
      const { logger, records, service } = yield* made({}, { minimumLevel: "Info" })
      const child = logger.child({ a: 1 })
      assert.deepStrictEqual([child.level, child.levelVal, child.isLevelEnabled("debug")], ["info", 30, false])
      child.debug("below")
      yield* service.setLevel("Debug")
      assert.deepStrictEqual([child.level, child.levelVal, child.isLevelEnabled("debug")], ["debug", 20, true])
      child.debug("above")
      yield* service.setLevel("None")
      assert.deepStrictEqual([child.level, child.levelVal, child.isLevelEnabled("fatal")], ["silent", Infinity, false])
      child.fatal("nothing")
      assert.deepStrictEqual((yield* records).map(({ message }) => message), ["above"])
    }))

  it.effect("follow those of a scope that is bound", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made({}, { minimumLevel: "Warn", scopes: { billing: "Debug" } })
      const child = logger.child({ scope: "billing" })
      child.debug({ a: 1 }, "in scope")
      logger.debug({ a: 1 }, "not in it")
      assert.deepStrictEqual([child.level, logger.level], ["debug", "warn"])
      assert.deepStrictEqual((yield* records).map(({ message }) => message), ["in scope"])
    }))

  it.effect("of a logger bound it, and its children made later, above those of the runtime", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made({ level: "warn" }, { minimumLevel: "Info" })
      const seen: Array<ReadonlyArray<unknown>> = []
      logger.on("level-change", (...change) => seen.push(change.slice(0, 4)))
      logger.info("too low")
      const before = logger.child({})
      logger.level = "error"
      const after = logger.child({})
      const own = logger.child({}, { level: "trace" })
      for (const [i, each] of [logger, before, after, own].entries()) {
        each.debug(`${i} debug`)
        each.info(`${i} info`)
        each.warn(`${i} warn`)
      }
      logger.level = "silent"
      logger.fatal("nothing")
      assert.deepStrictEqual([logger.level, before.level, after.level, own.level], ["silent", "warn", "error", "info"])
      assert.deepStrictEqual(seen, [["error", 50, "warn", 40], ["silent", Infinity, "error", 50]])
      assert.deepStrictEqual((yield* records).map(({ message }) => message), ["1 warn", "3 info", "3 warn"])
    }))

  it.effect("are listed as pino lists them", () =>
    Effect.gen(function*() {
      const { logger } = yield* made()
      assert.deepStrictEqual(Object.keys(logger.levels.values), [...names])
      assert.strictEqual(logger.levels.values["silent"], Infinity)
      assert.strictEqual(logger.levels.labels[30], "info")
      assert.strictEqual(logger.levels.labels[Infinity], "silent")
      assert.isFalse(logger.isLevelEnabled("verbose"))
      assert.isTrue(logger.isLevelEnabled("silent"))
      assert.match(logger.version, /^10\./)
    }))

  it.effect("that are none are said, and not followed", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made()
      logger.level = "verbose"
      logger.child({}, { level: "loud" }).info("goes on")
      const [unknown, ofChild, goesOn] = yield* records
      assert.deepStrictEqual([unknown?.level, unknown?.annotations["level"]], ["Warn", "verbose"])
      assert.match(String(unknown?.message), /^a pino logger was given a level that there is not/)
      assert.strictEqual(ofChild?.annotations["level"], "loud")
      assert.strictEqual(goesOn?.message, "goes on")
    }))
})

describe("children", () => {
  it.effect("have the fields of their parents, as they were then", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made({ bindings: { service: "shop" } })
      const cart = { items: 1 }
      const child = logger.child({ cart, id: 1 }).child({ id: 2 })
      cart.items = 2
      child.info({ own: true }, "bound")
      assert.deepStrictEqual((yield* records)[0]?.annotations, {
        service: "shop",
        cart: { items: 1 },
        id: 2,
        own: true
      })
      assert.deepStrictEqual(child.bindings(), { service: "shop", cart: { items: 2 }, id: 2 })
    }))

  it.effect("can be given more of them", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made()
      const child = logger.child({ a: 1 })
      child.setBindings({ b: 2 })
      child.info("child")
      logger.info("parent")
      assert.deepStrictEqual(child.bindings(), { a: 1, b: 2 })
      assert.deepStrictEqual((yield* records).map(({ annotations }) => annotations), [{ a: 1, b: 2 }, {}])
    }))

  it.effect("are told of, have prefixes, and say which options are not followed", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made({ msgPrefix: "[a] " })
      const seen: Array<unknown> = []
      logger.onChild = (child) => void seen.push(child)
      const options: PinoLogger.ChildOptions = { msgPrefix: "[b] " }
      const child = logger.child({}, options)
      assert.deepStrictEqual([seen.length, seen[0] === child, child.msgPrefix], [1, true, "[a] [b] "])
      child.info("text")
      child.info({ x: 1 }, "text %d", 1)
      logger.child({}, Object.assign({}, options, { redact: ["a"], formatters: {} }))
      const all = yield* records
      assert.deepStrictEqual(all.map(({ message }) => message), [
        "[a] [b] text",
        "[a] [b] text 1",
        all[2]?.message
      ])
      assert.match(String(all[2]?.message), /^a pino logger does not follow some options of a child/)
      assert.deepStrictEqual(all[2]?.annotations, { options: ["redact", "formatters"] })
    }))
})

describe("an error", () => {
  const failed = new TypeError("no route", { cause: new Error("no network") })

  it.effect("is the record's, with its causes, however it is given", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made()
      logger.error(failed)
      logger.error(failed, "while %s", "shipping")
      logger.error({ err: failed, order: 7 })
      logger.error({ err: failed, order: 7 }, "while shipping")
      const all = yield* records
      assert.deepStrictEqual(all.map(({ annotations, message }) => [message, annotations]), [
        ["no route", {}],
        ["while shipping", {}],
        ["no route", { order: 7 }],
        ["while shipping", { order: 7 }]
      ])
      for (const { cause } of all) {
        assert.match(JSON.stringify(cause), /TypeError.*no route.*PinoLogger\.test\.ts.*no network/)
      }
    }))

  it.effect("stays it behind pino's own serializer, and is what another makes of it", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made({ serializers: { err: stdSerializers.err } })
      logger.error({ err: failed })
      logger.child({}, { serializers: { err: ({ message }: Error) => ({ said: message }) } }).error(
        { err: failed },
        "own"
      )
      const [standard, own] = yield* records
      assert.match(JSON.stringify(standard?.cause), /TypeError/)
      assert.deepStrictEqual([own?.cause, own?.annotations], [undefined, { err: { said: "no route" } }])
    }))

  it.effect("under another name is a field", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made()
      logger.error({ error: failed }, "other")
      const [record] = yield* records
      assert.isUndefined(record?.cause)
      assert.match(JSON.stringify(record?.annotations["error"]), /no route/)
    }))
})

describe("serializers", () => {
  it.effect("make what is logged of fields and of bindings", () =>
    Effect.gen(function*() {
      const serializers = {
        user: ({ id }: { readonly id: number }) => id,
        req: ({ url }: { readonly url: string }) => ({ url }),
        broken: () => assert.fail("thrown"),
        dropped: () => undefined
      }
      const { logger, records } = yield* made({ serializers })
      const user = { id: 7, name: "Ada" }
      logger.info({ user, req: { url: "/", method: "GET" }, broken: 1, dropped: 1, other: 1 }, "fields")
      logger.child({ user }).child({}, { serializers: { other: () => "changed" } }).info({ other: 1 }, "child")
      assert.deepStrictEqual((yield* records).map(({ annotations }) => annotations), [
        { user: 7, req: { url: "/" }, broken: "[threw]", other: 1 },
        { user: 7, other: "changed" }
      ])
      assert.deepStrictEqual(Object.keys(logger.serializers), Object.keys(serializers))
    }))
})

describe("secrets", () => {
  it.effect("are hidden in fields, bindings and what is put into a text", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made({ bindings: { apiKey: "s3cr3t" } })
      const login = { user: "ada", password: "s3cr3t" }
      logger.info(login, "login %j %o", login, { deep: [login] })
      const all = yield* records
      assert.notInclude(JSON.stringify(all), "s3cr3t")
      assert.include(JSON.stringify(all), "ada")
    }))
})

describe("what a program gives it", () => {
  /** Everything a program may do with one value. */
  const tried = (logger: PinoLogger.PinoLogger, one: unknown): number => {
    const calls = [[one], [one, one], ["%s %d %j %o %i", one, one, one, one, one], [{ err: one }], [{ msg: one }]]
    for (const given of calls) Reflect.apply(logger.info, logger, given)
    Reflect.apply(logger.child, logger, [one]).silent()
    Reflect.apply(logger.child, logger, [{}, one]).silent()
    const child = logger.child({})
    Reflect.apply(child.setBindings, child, [one])
    child.bindings()
    Reflect.apply(logger.isLevelEnabled, logger, [one])
    Reflect.apply(logger.flush, logger, [one])
    return calls.length
  }

  const recorded = (values: ReadonlyArray<unknown>) =>
    Effect.gen(function*() {
      const { logger, records } = yield* made()
      let calls = 0
      for (const one of values) calls += tried(logger, one)
      assert.strictEqual((yield* records).filter(({ level }) => level === "Info").length, calls)
    })

  it.effect("never keeps it for ever: values of Effect that hold each other, and very many", () => {
    const circle: Array<unknown> = []
    circle.push(Option.some(circle), Option.some([circle]), Option.some(circle))
    return recorded([circle, Option.some(circle), { circle, toString: () => "shown" }, {
      many: Array.from({ length: 20_000 }, (_, i) => ({ i }))
    }])
  })

  it.effect("never makes it throw, and always is a record", () =>
    recorded([
      Hostile.revoked(),
      {
        get err() {
          return assert.fail("read")
        }
      },
      { toString: () => assert.fail("shown"), toJSON: () => assert.fail("shown") },
      { method: "GET", headers: {}, socket: {}, id: () => assert.fail("called") },
      { setHeader: () => {}, getHeaders: () => assert.fail("called") },
      new Proxy({}, { ownKeys: () => assert.fail("asked") }),
      JSON.parse(`{"__proto__":{"a":1},"constructor":1,"err":{"message":"x"}}`),
      Symbol("s"),
      () => {}
    ]))

  it.effect.prop(
    "is a record whatever it is",
    { value: Hostile.value },
    ({ value }) => recorded([value]),
    { arbitrary: { runs: 100 } }
  )

  it.effect("is all there where pino leaves the second value of a list out", () =>
    Effect.gen(function*() {
      const { logger, records } = yield* made()
      Reflect.apply(logger.info, logger, [{ a: 1 }, { b: 2 }, { c: 3 }, { d: 4 }])
      assert.strictEqual((yield* records)[0]?.message, `{"b":2} {"c":3} {"d":4}`)
    }))
})

describe("flush", () => {
  it.live("calls back when what was logged is settled", () =>
    Effect.gen(function*() {
      const { logger, service } = yield* made()
      logger.info("first")
      yield* Effect.callback<void>((resume) => logger.flush((error) => resume(error ? Effect.die(error) : Effect.void)))
      assert.strictEqual((yield* service.stats).lanes["memory"]?.delivered, 1)
      logger.flush()
      const direct = PinoLogger.fromLogger(service.logger)
      yield* Effect.callback<void>((resume) => direct.flush(() => resume(Effect.void)))
    }))
})

describe("a logger over a direct logger", () => {
  it.effect("has its attributes", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make()
      const { close, service } = yield* makeRuntime({ sinks: [memory] })
      PinoLogger.fromLogger(service.logger.with({ requestId: "r-1" })).info({ a: 1 }, "bound")
      yield* close()
      assert.deepStrictEqual(memory.records[0]?.annotations, { requestId: "r-1", a: 1 })
    }))
})

describe("options", () => {
  it("are refused with what was expected", () => {
    const wrong: PinoLogger.Options = JSON.parse(
      `{"level":"verbose","serializers":{"a":1},"msgPrefix":1,"bindings":[]}`
    )
    assert.throws(
      () => PinoLogger.make(wrong),
      /PinoLogger\.make: level must be .*\n.*serializers must be an object of functions.*\n.*msgPrefix.*\n.*bindings must be an object/
    )
    assert.throws(
      () => PinoLogger.fromLogger(JSON.parse("{}")),
      /PinoLogger\.fromLogger: logger must be a direct logger/
    )
  })
})
