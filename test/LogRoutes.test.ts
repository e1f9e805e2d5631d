import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Cause, Effect, Exit, Schema } from "effect"
import { Logging, LogRecord, LogRoutes, MemorySink } from "../src/index.ts"
import { conditionOf } from "../src/LogRoutes.ts"
import { makeRuntime } from "./support/runtime.ts"

const names = ["a", "b", "c"] as const

const make = LogRecord.make

const holds = (when: LogRoutes.Condition, fields: Parameters<typeof LogRecord.make>[0]): boolean =>
  conditionOf(when)(make(fields))

describe("a condition", () => {
  it("without anything holds for every record", () => {
    assert.isTrue(holds({}, { message: "m" }))
  })

  it("of a level holds from it on", () => {
    for (const level of LogRecord.levels) {
      const expected = LogRecord.severityOf(level) >= LogRecord.severityOf("Warn")
      assert.strictEqual(holds({ level: "warning" }, { message: "m", level }), expected)
    }
    assert.isFalse(holds({ level: "None" }, { message: "m", level: "Fatal" }))
    assert.isTrue(holds({ level: "All" }, { message: "m", level: "Trace" }))
  })

  for (
    const [asked, scope, expected] of [
      ["http", "http", true],
      ["http", "http.server", false],
      ["http.*", "http", true],
      ["http.*", "http.server", true],
      ["http.*", "https", false],
      ["http.*", "http.*", true],
      ["*", "http", false],
      ["http", undefined, false],
      ["5", 5, false]
    ] as const
  ) {
    it(`of the scope ${asked} ${expected ? "holds" : "does not hold"} for ${String(scope)}`, () => {
      assert.strictEqual(holds({ scope: asked }, { message: "m", annotations: { scope } }), expected)
    })
  }

  it("of annotations holds when each is there with its value, and of its type", () => {
    const when = { annotation: { tenant: "acme", retry: 1 } }
    assert.isTrue(holds(when, { message: "m", annotations: { tenant: "acme", retry: 1, more: 2 } }))
    assert.isFalse(holds(when, { message: "m", annotations: { tenant: "acme" } }))
    assert.isFalse(holds(when, { message: "m", annotations: { tenant: "acme", retry: "1" } }))
  })

  it("of a log span holds for what was logged in it", () => {
    assert.isTrue(holds({ span: "checkout" }, { message: "m", spans: { request: 5, checkout: 1 } }))
    assert.isFalse(holds({ span: "checkout" }, { message: "m", spans: { request: 5 } }))
    assert.isFalse(holds({ span: "checkout" }, { message: "m" }))
  })

  it("of a function holds when that says so, and not when it throws", () => {
    assert.isTrue(holds({ is: ({ message }) => message === "m" }, { message: "m" }))
    assert.isFalse(holds({
      is: () => {
        throw new Error("no")
      }
    }, { message: "m" }))
  })

  it("of several holds when all do", () => {
    const when = { level: "Error", scope: "pay" } as const
    assert.isTrue(holds(when, { message: "m", level: "Error", annotations: { scope: "pay" } }))
    assert.isFalse(holds(when, { message: "m", level: "Error" }))
    assert.isFalse(holds(when, { message: "m", annotations: { scope: "pay" } }))
  })
})

const oneOf = <const A extends Schema.Literals<ReadonlyArray<string>>["literals"]>(...literals: A) =>
  Arbitrary.schema(Schema.Literals(literals))

const some = Arbitrary.schema(Schema.Boolean)

const condition = Arbitrary.all({
  scope: oneOf("", "pay", "http", "http.*"),
  level: oneOf("", "Info", "Warn", "Fatal"),
  tenant: oneOf("", "acme", "other"),
  span: oneOf("", "checkout"),
  is: some
})

type ValueOf<S> = S extends Arbitrary.Arbitrary<infer A> ? A : never

type Drawn = ValueOf<typeof condition>

const conditionFrom = ({ is, level, scope, span, tenant }: Drawn): LogRoutes.Condition => ({
  scope: scope === "" ? undefined : scope,
  level: level === "" ? undefined : level,
  annotation: tenant === "" ? undefined : { tenant },
  span: span === "" ? undefined : span,
  is: is ? ({ message }) => String(message).endsWith("!") : undefined
})

const logged = Arbitrary.all({
  scope: oneOf("", "pay", "http", "http.client"),
  level: oneOf("Debug", "Info", "Warn", "Error", "Fatal"),
  tenant: oneOf("", "acme", "other"),
  span: some,
  loud: some
})

type Logged = ValueOf<typeof logged>

/** What a condition means, said once more and plainly. */
const isSo = (when: Drawn, { level, loud, scope, span, tenant }: Logged): boolean =>
  [
    when.scope === "" || when.scope === scope || (when.scope === "http.*" && scope.startsWith("http")),
    when.level === "" || LogRecord.severityOf(level) >= LogRecord.severityOf(when.level),
    when.tenant === "" || when.tenant === tenant,
    when.span === "" || span,
    !when.is || loud
  ].every(Boolean)

describe("routes", () => {
  it.effect.prop(
    "lead every record where a plain model has it go, and lanes have it by their own level and filter",
    {
      routes: Arbitrary.array(
        Arbitrary.all({ when: condition, to: Arbitrary.array(oneOf(...names), { maxLength: 3 }) }),
        {
          maxLength: 4
        }
      ),
      calls: Arbitrary.array(logged, { maxLength: 12 })
    },
    ({ calls, routes }) =>
      Effect.gen(function*() {
        const memories = [
          MemorySink.make({ name: "a" }),
          MemorySink.make({ name: "b", minimumLevel: "Warn" }),
          MemorySink.make({ name: "c", filter: ({ annotations }) => annotations["tenant"] !== "other" })
        ]
        const { close, reports, run } = yield* makeRuntime({
          sinks: memories,
          minimumLevel: "All",
          routes: routes.map(({ to, when }) => ({ when: conditionFrom(when), to }))
        })
        for (const [i, { level, loud, scope, span, tenant }] of calls.entries()) {
          const call = Effect.logWithLevel(level)(`${i}${loud ? "!" : ""}`).pipe(
            Effect.annotateLogs({ ...(scope !== "" && { scope }), ...(tenant !== "" && { tenant }) })
          )
          yield* run(span ? Effect.withLogSpan(call, "checkout") : call)
        }
        yield* close()

        const own: Record<string, (call: Logged) => boolean> = {
          a: () => true,
          b: ({ level }) => LogRecord.severityOf(level) >= LogRecord.severityOf("Warn"),
          c: ({ tenant }) => tenant !== "other"
        }
        const lanesOf = (call: Logged): ReadonlyArray<string> => {
          const route = routes.find(({ when }) => isSo(when, call))
          return names.filter((name) => (route === undefined || route.to.includes(name)) && own[name]?.(call) === true)
        }
        for (const memory of memories) {
          const expected = calls.flatMap((call, i) =>
            lanesOf(call).includes(memory.name) ? [`${i}${call.loud ? "!" : ""}`] : []
          )
          assert.deepStrictEqual(memory.records.map(({ message }) => message), expected, memory.name)
        }
        const filtered = calls.filter((call) => lanesOf(call).length === 0).length
        assert.strictEqual(reports[0]?.capture.filtered, filtered)
        assert.strictEqual(reports[0]?.capture.accepted, calls.length - filtered)
      }),
    { arbitrary: { runs: 150 } }
  )

  it("say which lanes they name, for tests of a program", () => {
    const routes = LogRoutes.make([{ when: { level: "Error" }, to: ["a", "b"] }, { when: { scope: "s" }, to: [] }])
    assert.deepStrictEqual(LogRoutes.lanesOf(routes, make({ message: "m", level: "Fatal" })), ["a", "b"])
    assert.deepStrictEqual(LogRoutes.lanesOf(routes, make({ message: "m", annotations: { scope: "s" } })), [])
    assert.isUndefined(LogRoutes.lanesOf(routes, make({ message: "m" })))
    assert.isTrue(Object.isFrozen(routes))
  })

  it.effect("ask a function once for a record, however many lanes there are", () =>
    Effect.gen(function*() {
      let asked = 0
      const { close, run } = yield* makeRuntime({
        sinks: names.map((name) => MemorySink.make({ name })),
        routes: [{ when: { is: () => ++asked > 0 }, to: ["c"] }]
      })
      yield* run(Effect.andThen(Effect.logInfo("1"), Effect.logInfo("2")))
      yield* close()
      assert.strictEqual(asked, 2)
    }))

  it.effect("hold where the own filter of a lane throws", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make({
        name: "a",
        filter: () => {
          throw new Error("no")
        }
      })
      const { close, run } = yield* makeRuntime({
        sinks: [memory],
        routes: [{ when: { scope: "s" }, to: [] }]
      })
      yield* run(Effect.andThen(Effect.annotateLogs(Effect.logInfo("s"), "scope", "s"), Effect.logInfo("other")))
      yield* close()
      assert.deepStrictEqual(memory.records.map(({ message }) => message), ["other"])
    }))

  it.effect("cost a lane nothing that all of them lead to", () =>
    Effect.gen(function*() {
      let asked = 0
      const { close, run } = yield* makeRuntime({
        sinks: [MemorySink.make({ name: "a" }), MemorySink.make({ name: "b", minimumLevel: "Warn" })],
        routes: [{ when: { is: () => ++asked > 0 }, to: ["a", "b"] }, { to: ["a"] }]
      })
      yield* run(Effect.logInfo("for a"))
      assert.strictEqual(asked, 0)
      yield* run(Effect.logWarning("for both"))
      assert.strictEqual(asked, 1)
      yield* close()
    }))

  it.effect("to a lane that there is not end the program, and close what was acquired", () =>
    Effect.gen(function*() {
      let closed = 0
      const acquired = Effect.acquireRelease(
        Effect.succeed(MemorySink.make({ name: "file" })),
        () => Effect.sync(() => closed++)
      )
      const exit = yield* Effect.exit(Effect.scoped(Logging.make({
        sinks: [MemorySink.make({ name: "console" }), acquired],
        routes: [{ when: { level: "Error" }, to: ["flie", "console"] }, { to: ["nowhere"] }]
      })))
      assert.isTrue(Exit.isFailure(exit))
      assert.strictEqual(
        Exit.isFailure(exit) ? String(Cause.squash(exit.cause)) : "",
        `RangeError: Logging: routes[0].to[0] must be the name of a lane: "console", "file", got "flie"; did you mean "file"?\n` +
          `Logging: routes[1].to[0] must be the name of a lane: "console", "file", got "nowhere"`
      )
      assert.strictEqual(closed, 1)
    }))

  it.effect("lead to what stands in for a sink that could not be acquired", () =>
    Effect.gen(function*() {
      const memory = MemorySink.make({ name: "audit" })
      const other = MemorySink.make({ name: "other" })
      let attempts = 0
      const late = Effect.suspend(() => attempts++ === 0 ? Effect.fail("not yet") : Effect.succeed(memory))
      const { close, run } = yield* makeRuntime({
        sinks: [late, other],
        routes: [{ when: { scope: "audit" }, to: ["audit"] }, { to: ["other"] }]
      })
      yield* run(Effect.andThen(Effect.annotateLogs(Effect.logInfo("1"), "scope", "audit"), Effect.logInfo("2")))
      yield* close()
      assert.deepStrictEqual(memory.records.map(({ message }) => message), ["1"])
      assert.deepStrictEqual(other.records.map(({ message }) => message), ["2"])
    }))
})
