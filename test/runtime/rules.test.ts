import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Equal, Exit, Schedule, Schema, Scope } from "effect"
import { LogLevels, type LogSink, MemorySink, ScriptedSink } from "../../src/index.ts"
import { messages, settle } from "../support/lanes.ts"
import { makeRuntime, type RuntimeUnderTest } from "../support/runtime.ts"

const oneOf = <const A extends Schema.Literals<ReadonlyArray<string>>["literals"]>(...literals: A) =>
  Arbitrary.schema(Schema.Literals(literals))

const names = ["a", "b"] as const
const levels = ["Debug", "Info", "Warn", "Error"] as const
const scopes = ["pay", "http"] as const

/** A change of one kind or another, of whatever can be changed. */
const change = Arbitrary.all({
  kind: oneOf("level", "scope", "lane level", "for a time", "setLane", "routes", "replace", "rules"),
  level: oneOf(...levels),
  scope: oneOf(...scopes),
  lane: oneOf(...names),
  size: Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 50 })))
})

type Change = typeof change extends Arbitrary.Arbitrary<infer A> ? A : never

const isPaid = ({ annotations }: { readonly annotations: Readonly<Record<string, unknown>> }) =>
  annotations["scope"] === "pay"

const apply = ({ service }: RuntimeUnderTest, { kind, lane, level, scope, size }: Change) => {
  switch (kind) {
    case "level":
      return service.setLevel(level)
    case "scope":
      return service.setLevel(level, { scope })
    case "lane level":
      return service.setLevel(level, { lane })
    case "for a time":
      return service.setLevel(level, { scope, for: "1 hour" })
    case "setLane":
      return service.setLane(lane, {
        minimumLevel: level,
        filter: size % 2 === 0 ? isPaid : false,
        capacity: size + 100,
        maxBatchSize: size,
        batchWindow: size,
        retry: Schedule.recurs(size),
        breaker: size % 3 === 0 ? false : { failures: size, cooldown: "1 minute" }
      })
    case "routes":
      return service.setRules({ routes: [{ when: { level }, to: [lane] }, { when: { scope }, to: [] }] })
    case "rules":
      return service.setRules({
        levels: LogLevels.make({ level }),
        routes: [],
        lanes: { [lane]: { capacity: 100 + size } }
      })
    case "replace":
      return service.replace(lane, MemorySink.make({ maxBatchSize: size }))
  }
}

/** What a program logs to see what it goes by. */
const probe = (runtime: RuntimeUnderTest) =>
  runtime.run(
    Effect.forEach(levels, (level) =>
      Effect.forEach([undefined, ...scopes], (scope) =>
        Effect.logWithLevel(level)(`${level} ${scope}`).pipe(
          Effect.annotateLogs(scope === undefined ? {} : { scope })
        )), { discard: true })
  )

describe("rules", () => {
  it.effect.prop(
    "that are put back have a program go by what it went by before",
    { changes: Arbitrary.array(change, { maxLength: 6 }), queue: Arbitrary.schema(Schema.Boolean) },
    ({ changes, queue }) =>
      Effect.gen(function*() {
        const taken: Record<string, Array<unknown>> = { a: [], b: [] }
        const sinkOf = (name: "a" | "b", options: Partial<LogSink.LaneOptions>) =>
          MemorySink.make({
            name,
            ...options,
            filter: (record) => {
              taken[name]?.push(record.message)
              return options.filter?.(record) ?? true
            }
          })
        const runtime = yield* makeRuntime({
          sinks: [
            sinkOf("a", { breaker: { failures: 2, cooldown: "5 seconds" } }),
            sinkOf("b", { minimumLevel: "info" })
          ],
          minimumLevel: "Info",
          lowestLevel: "Debug",
          scopes: { http: "Warn" },
          routes: [{ when: { scope: "pay" }, to: ["a"] }],
          queue
        })
        const { describe, rules, setRules } = runtime.service
        const [before, described] = [yield* rules, yield* describe]
        yield* probe(runtime)
        const seen = structuredClone(taken)
        for (const each of changes) yield* apply(runtime, each)
        yield* probe(runtime)
        yield* setRules(before)
        taken["a"] = []
        taken["b"] = []
        yield* probe(runtime)
        assert.deepStrictEqual(taken, seen)
        const after = yield* rules
        assert.isTrue(Equal.equals(after, before))
        assert.deepStrictEqual(after, before)
        assert.deepStrictEqual(yield* describe, described)
        yield* runtime.close()
        assert.deepStrictEqual(runtime.lines, [])
      }),
    { arbitrary: { runs: 100 } }
  )

  it.effect("are a value that nobody changes, and another when anything is", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make({ name: "a" })], routes: [{ to: ["a"] }] })
      const { rules, setLane } = runtime.service
      const before = yield* rules
      for (const part of [before, before.levels, before.routes, before.routes[0], before.lanes, before.lanes["a"]]) {
        assert.isFrozen(part)
      }
      assert.isTrue(Equal.equals(yield* rules, before))
      yield* setLane("a", { maxBatchSize: 7 })
      assert.isFalse(Equal.equals(yield* rules, before))
      assert.strictEqual(before.lanes["a"]?.maxBatchSize, 512)
      yield* runtime.close()
    }))

  it.effect("are set in part as well, and what is left out stays", () =>
    Effect.gen(function*() {
      const [a, b] = [MemorySink.make({ name: "a" }), MemorySink.make({ name: "b" })]
      const runtime = yield* makeRuntime({ sinks: [a, b], routes: [{ to: ["a"] }] })
      const { rules, setRules } = runtime.service
      yield* runtime.run(Effect.logInfo("one"))
      yield* setRules({ routes: [{ to: ["b"] }] })
      yield* runtime.run(Effect.logInfo("two"))
      yield* setRules({ lanes: { b: { filter: ({ message }) => message !== "three" } } })
      yield* runtime.run(Effect.andThen(Effect.logInfo("three"), Effect.logInfo("four")))
      yield* setRules({ levels: LogLevels.make({ level: "Warn" }) })
      yield* runtime.run(Effect.logInfo("five"))
      yield* setRules({ routes: [] })
      yield* runtime.run(Effect.logWarning("six"))
      assert.deepStrictEqual((yield* rules).routes, [])
      yield* runtime.close()
      assert.deepStrictEqual(messages(a.records), ["one", "six"])
      assert.deepStrictEqual(messages(b.records), ["two", "four", "six"])
    }))

  it.effect("that are what a lane goes by already do not have it try at once", () =>
    Effect.gen(function*() {
      const sink = ScriptedSink.make({
        batchWindow: 0,
        script: [ScriptedSink.unavailable],
        retry: Schedule.spaced("1 hour"),
        breaker: { failures: 3, cooldown: "1 minute" }
      })
      const runtime = yield* makeRuntime({ sinks: [sink] })
      const { rules, setRules } = runtime.service
      yield* runtime.run(Effect.logInfo("waits"))
      yield* sink.started(1)
      yield* settle
      yield* setRules(yield* rules)
      yield* settle
      assert.strictEqual(sink.writes.length, 1)
      yield* setRules({ lanes: { scripted: { retry: Schedule.spaced("1 second") } } })
      yield* runtime.service.flush
      assert.strictEqual(sink.delivered.length, 1)
      yield* runtime.close()
    }))

  it.effect("name lanes that there are not, which is said, and holds for one that comes", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make({ name: "a" })] })
      yield* runtime.service.setRules({ routes: [{ to: ["a", "late"] }], lanes: { gone: { capacity: 1 }, late: {} } })
      assert.deepStrictEqual(runtime.lines, [
        `[spillway] rules: there is no lane "gone", "late" to go by what was set, only "a"; ` +
        "routes hold for a lane of that name, when one comes\n"
      ])
      yield* runtime.close()
    }))

  it.effect("name a lane that there is not again and again, which is said once of each", () =>
    Effect.gen(function*() {
      const runtime = yield* makeRuntime({ sinks: [MemorySink.make({ name: "a" })] })
      const put = (to: ReadonlyArray<string>) => runtime.service.setRules({ routes: [{ to }], lanes: { late: {} } })
      yield* Effect.repeat(put(["a", "late"]), { times: 20 })
      yield* put(["late", "later"])
      const said = runtime.lines.map((line) => /no lane (.*) to go by/.exec(line)?.[1])
      assert.deepStrictEqual(said, [`"late"`, `"later"`])
      yield* runtime.close()
    }))

  for (
    const [given, sentence] of [
      [{ routs: [] }, `Logging.setRules has no option "routs"; did you mean "routes"?`],
      [
        { routes: [{ to: "a" }] },
        `Logging.setRules: routes[0].to must be an array, each item a text that is not blank, got "a"`
      ],
      [
        { lanes: { a: { capacity: 0 } } },
        `Logging.setRules: lanes["a"].capacity must be a whole number of at least 1, got 0`
      ]
    ] as const
  ) {
    it.effect(`that are none are answered: ${sentence}`, () =>
      Effect.gen(function*() {
        const runtime = yield* makeRuntime({ sinks: [MemorySink.make({ name: "a" })] })
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what no type allows
        assert.throws(() => runtime.service.setRules(given as object), RangeError, sentence)
        yield* runtime.close()
      }))
  }
})

describe("routes and a lane that comes", () => {
  const attach = (runtime: RuntimeUnderTest, sink: LogSink.LogSink) =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      yield* runtime.service.attach(sink).pipe(Scope.provide(scope))
      return Scope.close(scope, Exit.void)
    })

  const paid = (text: string) => Effect.annotateLogs(Effect.logInfo(text), "scope", "pay")

  for (const queue of [true, false]) {
    it.effect(`which they know lead to it, and all goes to one that they do not, ${queue ? "with" : "without"} a queue`, () =>
      Effect.gen(function*() {
        const [a, late, incident] = ["a", "late", "incident"].map((name) => MemorySink.make({ name }))
        const runtime = yield* makeRuntime({ sinks: [a!], queue, routes: [{ to: ["a"] }] })
        yield* runtime.service.setRules({ routes: [{ when: { scope: "pay" }, to: ["late"] }, { to: ["a"] }] })
        yield* runtime.run(Effect.andThen(paid("nowhere"), Effect.logInfo("1")))
        const close = yield* attach(runtime, late!)
        const end = yield* attach(runtime, incident!)
        yield* runtime.run(Effect.andThen(paid("2"), Effect.logInfo("3")))
        yield* runtime.service.setLane("late", { filter: ({ message }) => message !== "5" })
        yield* runtime.run(Effect.andThen(paid("4"), paid("5")))
        yield* close
        yield* runtime.run(paid("6"))
        yield* end
        const { capture } = yield* runtime.service.stats
        assert.strictEqual(capture.filtered, 1, "what leads to no lane that there is")
        yield* runtime.close()
        assert.deepStrictEqual(messages(a!.records), ["1", "3"])
        assert.deepStrictEqual(messages(late!.records), ["2", "4"])
        assert.deepStrictEqual(messages(incident!.records), ["2", "3", "4", "5", "6"])
      }))
  }
})
