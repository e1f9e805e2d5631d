import { assert, describe, it } from "@effect/vitest"
import {
  Context,
  Deferred,
  Effect,
  Equal,
  Fiber,
  Logger,
  type LogLevel,
  References,
  Stream,
  SubscriptionRef
} from "effect"
import { TestClock } from "effect/testing"
import { readFileSync } from "node:fs"
import { Logging, LogLevels, MemorySink } from "../../src/index.ts"
import { RuntimeControl } from "../../src/runtime/RuntimeControl.ts"
import { spanEventsOf } from "../support/tracing.ts"

const page = readFileSync("docs/live.md", "utf8")

/** The rows of a table of the page, without its head. */
const rowsOf = (name: string): ReadonlyArray<ReadonlyArray<string>> => {
  const [, table = ""] = new RegExp(`<!-- ${name}: begin -->\n\n([^]*?)\n\n<!-- ${name}: end -->`).exec(page) ?? []
  return table.split("\n").slice(2).map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()))
}

/** What stands in a cell as code, and what is said behind it. */
const readCell = (cell = ""): { readonly code: string | undefined; readonly says: string } => ({
  code: /`([^`]+)`/.exec(cell)?.[1],
  says: cell.replace(/`[^`]+`(?:, )?/, "")
})

const levels = ["Trace", "Debug", "Info", "Warn", "Error", "Fatal"] as const

const from = (level: string | undefined): ReadonlyArray<string> => {
  assert.include([...levels, "None"], level)
  return level === "None" ? [] : levels.slice(levels.findIndex((each) => each === level))
}

const boundOf = (level: string | undefined): LogLevel.LogLevel | undefined =>
  level === undefined ? undefined : LogLevels.parse(level).level

const logAll = Effect.forEach(levels, (level) => Effect.logWithLevel(level)(level), { discard: true })

const logAllDirectly = (logger: Logging.DirectLogger): void => {
  logger.trace("Trace")
  logger.debug("Debug")
  logger.info("Info")
  logger.warn("Warn")
  logger.error("Error")
  logger.fatal("Fatal")
}

const messagesOf = ({ clear, records }: MemorySink.MemorySink): ReadonlyArray<unknown> => {
  const messages = records.map(({ message }) => message)
  clear()
  return messages
}

/** A runtime that writes in the log call, and what it says. */
const started = (options?: Partial<Logging.Options<ReadonlyArray<MemorySink.MemorySink>>>) =>
  Effect.gen(function*() {
    const sink = MemorySink.make()
    const lines: Array<string> = []
    const context = yield* Logging.make({
      sinks: [sink],
      queue: false,
      diagnostics: (line) => lines.push(line.trimEnd()),
      ...options
    })
    const run = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provide(effect, context)
    return { ...Context.get(context, Logging.Logging), context, lines, run, sink }
  })

describe("the order of the levels in docs/live.md", () => {
  const rows = rowsOf("order")
  it("has rows", () => assert.isAbove(rows.length, 25))

  for (const row of rows) {
    const [start, lowest, set, region, scope, effect, direct] = row.map(readCell)
    it.effect(row.join(" | "), () =>
      Effect.gen(function*() {
        const kept: Array<string> = []
        const existing = Logger.make(({ logLevel }) => void kept.push(logLevel))
        const { level, scopes } = LogLevels.parse(start?.code ?? "")
        const runtime = yield* started({
          minimumLevel: level,
          scopes,
          lowestLevel: boundOf(lowest?.code),
          mergeWithExisting: true,
          spanEvents: true
        }).pipe(Effect.provideService(Logger.CurrentLoggers, new Set([existing])))
        if (set?.code !== undefined) yield* SubscriptionRef.set(runtime.level, LogLevels.parse(set.code))

        const minimum = boundOf(region?.code)
        const inRegion = minimum === undefined
          ? logAll
          : Effect.provideService(logAll, References.MinimumLogLevel, minimum)
        const logged = scope?.code === undefined ? inRegion : Logging.scope(scope.code)(inRegion)
        const events = yield* spanEventsOf(runtime.run(logged))
        assert.deepStrictEqual(messagesOf(runtime.sink), from(effect?.code), "Effect's calls")
        assert.deepStrictEqual(kept, from(effect?.code), "other loggers")
        assert.deepStrictEqual(events.map(({ name }) => name), from(effect?.code), "events of spans")

        logAllDirectly(scope?.code === undefined ? runtime.logger : runtime.logger.scope(scope.code))
        assert.deepStrictEqual(messagesOf(runtime.sink), from(direct?.code), "the direct logger")
        const said = runtime.lines.filter((line) => line.includes("lowestLevel"))
        assert.strictEqual(said.length, effect?.says === "said once" ? 1 : 0, runtime.lines.join("\n"))
      }))
  }
})

describe("the levels of lanes in docs/live.md", () => {
  const rows = rowsOf("lanes")
  it("has rows", () => assert.isAbove(rows.length, 5))

  for (const row of rows) {
    const [start, minimum, set, scope, lane, other] = row.map(readCell)
    it.effect(row.join(" | "), () =>
      Effect.gen(function*() {
        const sinks = [
          MemorySink.make({ name: "one", minimumLevel: boundOf(minimum?.code) }),
          MemorySink.make({ name: "two" })
        ] as const
        const { level, scopes } = LogLevels.parse(start?.code ?? "")
        const runtime = yield* started({ sinks, minimumLevel: level, scopes, lowestLevel: "Debug" })
        const bound = boundOf(set?.code)
        if (bound !== undefined) yield* runtime.setLevel(bound, { lane: "one" })

        yield* runtime.run(scope?.code === undefined ? logAll : Logging.scope(scope.code)(logAll))
        assert.deepStrictEqual(sinks.map(messagesOf), [from(lane?.code), from(other?.code)], "Effect's calls")
        logAllDirectly(scope?.code === undefined ? runtime.logger : runtime.logger.scope(scope.code))
        assert.deepStrictEqual(sinks.map(messagesOf), [from(lane?.code), from(other?.code)], "the direct logger")
        assert.deepStrictEqual(runtime.lines, [])
      }))
  }
})

describe("levels that are set while the program runs", () => {
  it.effect("of a lane count for a region with a level of its own, and that for all does not", () =>
    Effect.gen(function*() {
      const sinks = [
        MemorySink.make({ name: "set", minimumLevel: "Fatal" }),
        MemorySink.make({ name: "strict", minimumLevel: "Error" }),
        MemorySink.make({ name: "lenient" })
      ] as const
      const { run, setLevel } = yield* started({ sinks, minimumLevel: "Info" })
      yield* setLevel("Warn", { lane: "set" })
      yield* setLevel("Fatal")
      yield* run(Effect.provideService(logAll, References.MinimumLogLevel, "Debug"))
      assert.deepStrictEqual(sinks.map(messagesOf), [from("Warn"), from("Error"), from("Debug")])
    }))

  const debug = { minimumLevel: "Info", lowestLevel: "Debug" } as const

  it.effect("count for a fiber that has been running, and for a logger and children that were made before", () =>
    Effect.gen(function*() {
      const { level, logger, run, setLevel, sink } = yield* started(debug)
      const child = logger.with({ child: true })
      const [asked, answered] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const fiber = yield* run(
        Effect.gen(function*() {
          yield* Effect.logDebug("early")
          yield* Deferred.succeed(answered, undefined)
          yield* Deferred.await(asked)
          yield* Effect.logDebug("late")
        })
      ).pipe(Effect.forkChild)
      yield* Deferred.await(answered)
      child.debug("early")
      yield* setLevel("Debug")
      child.debug("child")
      logger.debug("logger")
      yield* Deferred.succeed(asked, undefined)
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(messagesOf(sink), ["child", "logger", "late"])
      yield* SubscriptionRef.update(level, (levels) => LogLevels.set(levels, "Warn"))
      child.info("too low")
      yield* run(Effect.logInfo("too low"))
      child.warn("child")
      assert.deepStrictEqual(messagesOf(sink), ["child"])
    }))

  it.effect("that are off cost a call of the direct logger nothing of its arguments", () =>
    Effect.gen(function*() {
      const { logger, setLevel, sink, stats } = yield* started(debug)
      const touched: Array<string> = []
      const arguments_ = new Proxy({}, {
        get: () => touched.push("get"),
        ownKeys: () => {
          touched.push("ownKeys")
          return []
        }
      })
      logger.debug(arguments_, arguments_)
      assert.deepStrictEqual(touched, [])
      assert.strictEqual((yield* stats).capture.offered, 0)
      yield* setLevel("Debug")
      logger.debug(arguments_, arguments_)
      assert.isNotEmpty(touched)
      assert.strictEqual(sink.records.length, 1)
    }))

  it.effect("are followed when the stack has room again, where they are first seen on a full one", () =>
    Effect.gen(function*() {
      const { level, lines, logger, sink } = yield* started(debug)
      // A copy: what was made once is not looked at again.
      const set = { ...LogLevels.make({ level: "Debug" }) }
      let calls = 0
      const descend = (): void => {
        try {
          descend()
        } catch {
          // The end of the stack.
        }
        if (calls >= 400) return
        calls++
        level.value = set
        try {
          logger.info("deep")
        } catch {
          // The last frames have no room for the call itself.
        }
      }
      descend()
      assert.strictEqual(calls, 400)
      assert.deepStrictEqual(lines, [])
      yield* TestClock.adjust(1)
      assert.strictEqual(level.value, set)
      sink.clear()
      logger.debug("followed")
      assert.deepStrictEqual(messagesOf(sink), ["followed"])
    }))

  it.effect("of a lane that comes later are there before it", () =>
    Effect.gen(function*() {
      const { attach, lines, logger, setLevel } = yield* started(debug)
      const sink = MemorySink.make({ name: "late" })
      yield* setLevel("Error", { lane: "late" })
      assert.strictEqual(lines.length, 1)
      yield* attach(sink)
      logger.warn("too low")
      logger.error("high enough")
      assert.deepStrictEqual(messagesOf(sink), ["high enough"])
      yield* setLevel("Debug", { lane: "late" })
      logger.debug("raised")
      assert.deepStrictEqual(messagesOf(sink), ["raised"])
      assert.strictEqual(lines.length, 1)
    }))

  it.effect("are for a scope and what is in it, not for its neighbours", () =>
    Effect.gen(function*() {
      const { logger, run, sink } = yield* started(debug)
      yield* run(Logging.setLevel("Debug", { scope: "billing" }))
      const inScope = Effect.gen(function*() {
        yield* Effect.logDebug("billing")
        yield* Fiber.join(yield* Effect.forkChild(Effect.logDebug("a fiber in it")))
        yield* Logging.scope("search")(Effect.logDebug("another scope in it"))
      })
      yield* run(Effect.andThen(Logging.scope("billing")(inScope), Effect.logDebug("outside")))
      const billing = logger.scope("billing")
      billing.debug("direct")
      billing.with({ user: 1 }).debug("a child of it")
      billing.scope("search").debug("another scope in it")
      billing.with({ scope: 5 }).debug("no scope")
      logger.debug("of the call", { scope: "billing" })
      assert.deepStrictEqual(
        sink.records.map(({ annotations, message }) => [message, annotations["scope"]]),
        ["billing", "a fiber in it", "direct", "a child of it"].map((message) => [message, "billing"])
      )
    }))

  it.effect("end by themselves, each alone, and what is below them counts again", () =>
    Effect.gen(function*() {
      const { level, lines, logger, setLevel } = yield* started({ minimumLevel: "Info", lowestLevel: "Trace" })
      const now = Effect.map(SubscriptionRef.get(level), (levels) => [
        LogLevels.levelOf(levels),
        LogLevels.levelOf(levels, "billing"),
        levels.temporary.length
      ])
      yield* setLevel("Debug", { for: "5 minutes" })
      yield* setLevel("Error", { scope: "billing", for: "2 minutes" })
      yield* setLevel("Trace", { for: "1 minute" })
      assert.deepStrictEqual(yield* now, ["Trace", "Error", 3])
      yield* TestClock.adjust("59 seconds")
      assert.deepStrictEqual(yield* now, ["Trace", "Error", 3])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* now, ["Debug", "Error", 2])
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(yield* now, ["Debug", "Debug", 1])
      yield* setLevel("Warn", { scope: "billing" })
      assert.deepStrictEqual(yield* now, ["Debug", "Warn", 1])
      yield* TestClock.adjust("3 minutes")
      assert.deepStrictEqual(yield* now, ["Info", "Warn", 0])
      logger.debug("too low")
      assert.deepStrictEqual(lines, [])
    }))

  it.effect("may end in another order than they were set in", () =>
    Effect.gen(function*() {
      const { level, setLevel } = yield* started()
      const now = Effect.map(SubscriptionRef.get(level), (levels) => LogLevels.levelOf(levels))
      yield* setLevel("Warn", { for: "1 minute" })
      yield* setLevel("Error", { for: "2 minutes" })
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* now, "Error")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* now, "Info")
    }))

  it.effect("are kept only while they can count again, however often they are set", () =>
    Effect.gen(function*() {
      const { context, level, setLevel } = yield* started({ lowestLevel: "Debug" })
      const { toggleDebug = Effect.die("no control") } = Context.get(context, RuntimeControl) ?? {}
      const now = Effect.map(SubscriptionRef.get(level), (levels) => [
        LogLevels.levelOf(levels),
        LogLevels.levelOf(levels, "billing"),
        levels.temporary.length
      ])
      const set = (i: number) => setLevel(i % 2 === 0 ? "Warn" : "Error", { for: "1 minute" })
      yield* Effect.forEach(Array.from({ length: 100 }, (_, i) => i), set, { discard: true })
      assert.deepStrictEqual(yield* now, ["Error", "Error", 1])
      yield* setLevel("Fatal", { scope: "billing", for: "2 minutes" })
      yield* setLevel("Warn", { for: "30 seconds" })
      assert.deepStrictEqual(yield* now, ["Warn", "Fatal", 3])
      yield* toggleDebug
      yield* setLevel("Error", { for: "10 minutes" })
      assert.deepStrictEqual(yield* now, ["Error", "Fatal", 3])
      yield* toggleDebug
      yield* TestClock.adjust("9 minutes")
      assert.deepStrictEqual(yield* now, ["Error", "Error", 1])
      yield* toggleDebug
      yield* toggleDebug
      assert.deepStrictEqual(yield* now, ["Error", "Error", 1])
    }))

  it.effect("for good end those for a time that were set for the same", () =>
    Effect.gen(function*() {
      const { level, setLevel } = yield* started()
      yield* setLevel("Error", { for: "1 minute" })
      yield* setLevel("Warn")
      assert.deepStrictEqual(yield* SubscriptionRef.get(level), LogLevels.make({ level: "Warn" }))
    }))

  it.effect("are told to who listens", () =>
    Effect.gen(function*() {
      const { level, setLevel } = yield* started({ minimumLevel: "Info" })
      const ready = yield* Deferred.make<void>()
      const heard = yield* SubscriptionRef.changes(level).pipe(
        Stream.tap(() => Deferred.succeed(ready, undefined)),
        Stream.take(3),
        Stream.runCollect,
        Effect.forkChild
      )
      yield* Deferred.await(ready)
      yield* setLevel("Warn", { for: "1 minute" })
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual((yield* Fiber.join(heard)).map((levels) => LogLevels.format(levels)), [
        "Info",
        "Warn",
        "Info"
      ])
    }))

  it.effect("may be set again as they were, and end then", () =>
    Effect.gen(function*() {
      const { level, setLevel } = yield* started({ minimumLevel: "Info", lowestLevel: "Debug" })
      yield* setLevel("Debug", { scope: "billing", for: "1 minute" })
      const before = JSON.stringify(yield* SubscriptionRef.get(level))
      yield* SubscriptionRef.set(level, LogLevels.make())
      yield* SubscriptionRef.set(level, LogLevels.make(JSON.parse(before)))
      assert.strictEqual(LogLevels.levelOf(yield* SubscriptionRef.get(level), "billing"), "Debug")
      yield* TestClock.adjust("1 minute")
      assert.isTrue(Equal.equals(yield* SubscriptionRef.get(level), LogLevels.make()))
    }))

  it.effect("are followed however they were written, and what is none is said once and taken away again", () =>
    Effect.gen(function*() {
      const { level, lines, logger, run, setLevel, sink } = yield* started(debug)
      // What a program without types sets.
      const set = (value: object) => SubscriptionRef.set(level, Object.assign(Object.create(null), value))
      yield* set({ level: "debug" })
      logger.debug("written in lower case")
      yield* set({ level: "loud" })
      logger.debug("as before")
      logger.debug("as before")
      yield* run(Effect.logDebug("as before"))
      logger.trace("too low")
      assert.deepStrictEqual(messagesOf(sink), ["written in lower case", "as before", "as before", "as before"])
      assert.deepStrictEqual(lines, [
        "[spillway] levels: what was set is not followed: LogLevels.make: level must be All, a level (Trace, Debug, " +
        "Info, Warn, Error, Fatal) or None, got \"loud\"; the levels before it stay"
      ])
      yield* setLevel("Debug", { scope: "billing" })
      assert.deepStrictEqual(yield* SubscriptionRef.get(level), LogLevels.parse("Debug,billing=Debug"))
      yield* set({ level: "louder" })
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(yield* SubscriptionRef.get(level), LogLevels.parse("Debug,billing=Debug"))
      assert.strictEqual(lines.length, 2)
    }))

  it.effect("of a lane that is not there are said once, and hold when one has that name", () =>
    Effect.gen(function*() {
      const { lines, logger, setLevel, sink } = yield* started()
      yield* setLevel("Error", { lane: "mimory" })
      yield* setLevel("Fatal", { lane: "mimory" })
      logger.info("goes on")
      assert.deepStrictEqual(messagesOf(sink), ["goes on"])
      assert.deepStrictEqual(lines, [
        "[spillway] levels: there is no lane \"mimory\" to have a level, only \"memory\"; it holds for a lane of that " +
        "name, when one comes"
      ])
    }))

  it.effect("let what they refuse into no book, and what only lanes do not take is filtered", () =>
    Effect.gen(function*() {
      const { logger, run, setLevel, stats } = yield* started(debug)
      yield* run(Effect.logDebug("refused"))
      logger.debug("refused")
      assert.deepInclude((yield* stats).capture, { offered: 0 })
      yield* setLevel("Error", { lane: "memory" })
      yield* run(Effect.logInfo("filtered"))
      assert.deepInclude((yield* stats).capture, { offered: 1, filtered: 1 })
    }))

  it.effect("of a runtime within one that lets all through are not All", () =>
    Effect.gen(function*() {
      const outer = yield* started(debug)
      const inner = yield* outer.run(started())
      yield* outer.run(inner.run(logAll))
      inner.logger.debug("too low")
      assert.deepStrictEqual(messagesOf(inner.sink), from("Info"))
      yield* inner.setLevel("Warn")
      yield* outer.run(inner.run(logAll))
      assert.deepStrictEqual(messagesOf(inner.sink), from("Warn"))
    }))

  it.effect("are those of the scope that annotations name now, when they were changed within", () =>
    Effect.gen(function*() {
      const { run, sink } = yield* started({ scopes: { quiet: "Warn", loud: "Trace" } })
      const annotations: Record<string, unknown> = { scope: "quiet" }
      const changing = Effect.gen(function*() {
        yield* Effect.logWarning("in quiet")
        yield* Effect.logInfo("too low")
        annotations["scope"] = "loud"
        yield* Effect.logInfo("in loud")
        annotations["scope"] = "quiet"
        yield* Effect.logInfo("too low again")
      })
      yield* run(Effect.provideService(changing, References.CurrentLogAnnotations, annotations))
      assert.deepStrictEqual(messagesOf(sink), ["in quiet", "in loud"])
    }))

  it.effect("stand above a getter among annotations that logs, and one that throws", () =>
    Effect.gen(function*() {
      const { logger, run, sink } = yield* started({ ...debug, scopes: { billing: "Debug" } })
      const annotations = {
        get scope(): string {
          logger.scope("billing").debug("from the getter")
          return "billing"
        }
      }
      yield* run(Effect.provideService(Effect.logDebug("in it"), References.CurrentLogAnnotations, annotations))
      assert.include(messagesOf(sink), "in it")
      const hostile = {
        get scope(): string {
          throw new Error("hostile")
        }
      }
      yield* run(Effect.provideService(logAll, References.CurrentLogAnnotations, hostile))
      assert.deepStrictEqual(sink.records.map(({ level }) => level), from("Info"))
    }))
})
