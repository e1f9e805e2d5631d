/** What becomes of records at a Loki that keeps its limits. */
import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Fiber, Layer, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { readFileSync } from "node:fs"
import { Ledger, Logging, LogRecord, LogSink } from "../../../src/index.ts"
import * as LokiSink from "../../../src/sinks/LokiSink.ts"
import { refused } from "../../servers/Collector.ts"
import { delivery } from "../../servers/delivery.ts"
import { entriesOf, loki, Store } from "../../servers/loki.ts"
import { settle } from "../../support/lanes.ts"
import { directory, open } from "../../support/spooledLanes.ts"

const labels = { service_name: "orders" }
const minute = 60_000

const at = (minutes: number): LogRecord.LogRecord =>
  LogRecord.make({ seq: minutes, message: minutes, time: minutes * minute })

const messages = ({ entries }: Store): ReadonlyArray<unknown> => entries.map(({ line }) => JSON.parse(line).message)

/** A Loki that keeps what it is sent, and a sink for it. */
const keeping = (options: Partial<LokiSink.Options> = {}, mostStreams?: number) =>
  Effect.gen(function*() {
    const far = yield* loki()
    const store = new Store(mostStreams)
    far.always = store.reply
    return { far, store, sink: yield* LokiSink.make({ url: far.url, labels, ...options }) }
  })

layer(Layer.merge(NodeServices.layer, NodeHttpClient.layerUndici))("a Loki with limits", (it) => {
  it.effect("F12: refuses what is an hour older than its newest, which is counted, and keeps the rest", () =>
    Effect.gen(function*() {
      const { far, sink, store } = yield* keeping()
      yield* sink.write([at(180)])
      const error = yield* Effect.flip(sink.write([at(90), at(119), at(120), at(170)]))
      assert.deepStrictEqual(error.reason, { _tag: "Rejected", count: 2 })
      assert.strictEqual(error.message, `127.0.0.1:${far.port} answered 400 (too_far_behind)`)
      assert.deepStrictEqual(messages(store), [180, 120, 170])
    }))

  it.effect("F12: refuses what is too old, which is counted, and keeps the rest", () =>
    Effect.gen(function*() {
      const { sink, store } = yield* keeping()
      store.oldest = BigInt(100 * minute) * 1_000_000n
      const error = yield* Effect.flip(sink.write([at(90), at(99), at(100)]))
      assert.deepStrictEqual(error.reason, { _tag: "Rejected", count: 2 })
      assert.deepStrictEqual(messages(store), [100])
    }))

  it.effect("F22: takes what a spool has kept through a long outage, because it comes in its order, before what is new", () =>
    Effect.gen(function*() {
      const { far, sink, store } = yield* keeping()
      const spool = { directory: yield* directory, mode: "always" } as const
      const spooled = LogSink.withOptions(sink, {
        spool,
        batchWindow: 0,
        maxBatchSize: 3,
        breaker: false,
        retry: Schedule.spaced("1 second")
      })
      far.always = refused(503)
      const first = yield* open(spooled)
      for (let hours = 0; hours < 20; hours++) first.offer(hours, hours + 1, hours * 60 * minute)
      while (far.received.length === 0) yield* Effect.yieldNow
      assert.strictEqual(first.end().spooled, 20)
      far.always = store.reply
      const second = yield* open(spooled)
      second.offer(20, 25, 20 * 60 * minute)
      yield* second.lane.flush
      while (second.lane.books().delivered < 25) yield* Effect.yieldNow
      assert.strictEqual(Ledger.total(second.lane.books().dropped), 0)
      assert.deepStrictEqual(messages(store), Array.from({ length: 25 }, (_, i) => i))
    }))

  it.effect("takes no more streams: a batch waits for that, then is refused, and holds up the lane no longer", () =>
    Effect.gen(function*() {
      const { far, sink, store } = yield* keeping({ labelsFrom: ["user"], streamLimitPatience: "1 minute" }, 1)
      // Every second record would be of a stream of its own.
      const withUsers = LogSink.make({
        name: "loki",
        ...sink.options,
        maxBatchSize: 1,
        write: ([record]) =>
          sink.write([LogRecord.make({ message: record?.message, annotations: { user: userOf(record?.seq ?? 0) } })])
      })
      const { books, errors, failed, offer, settled } = yield* delivery(withUsers, {
        retry: LogSink.exponentialRetry({ base: "10 seconds" })
      })
      offer(5)
      const waiting = yield* Effect.forkChild(settled, { startImmediately: true })
      for (let i = 0; i < 2; i++) {
        assert.deepInclude((yield* failed).reason, { _tag: "Unavailable", ambiguous: true })
        yield* settle
        yield* TestClock.adjust("30 seconds")
      }
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(errors.slice(2).map(({ reason }) => reason), [
        { _tag: "Rejected", count: 1 },
        { _tag: "Rejected", count: 1 }
      ])
      assert.strictEqual(books().dropped.rejected_by_server, 2)
      assert.deepStrictEqual(messages(store), [0, 2, 4])
      assert.strictEqual(far.stored.flatMap(entriesOf).length, 7)
    }))

  it.effect("a label with too many values is said on stderr, as the page shows it, and nothing is lost", () =>
    Effect.gen(function*() {
      const { sink, store } = yield* keeping({ labelsFrom: ["user"] })
      const lines: Array<string> = []
      const logAll = Effect.forEach(
        Array.from({ length: 105 }, (_, user) => user),
        (user) => Effect.annotateLogs(Effect.logInfo("placed"), "user", user),
        { discard: true }
      )
      yield* Effect.gen(function*() {
        yield* logAll
        yield* (yield* Logging.Logging).flush
      }).pipe(Effect.provide(Logging.layer({ sinks: [sink], diagnostics: (line) => void lines.push(line) })))
      const users = store.entries.map(({ labels, metadata }) => labels["user"] ?? metadata["user"])
      assert.deepStrictEqual(users, Array.from({ length: 105 }, (_, user) => String(user)))
      assert.strictEqual(store.entries.filter(({ metadata }) => Object.hasOwn(metadata, "user")).length, 5)
      assert.strictEqual(lines.length, 1)
      assert.include(readFileSync("docs/sinks/loki.md", "utf8"), `\`\`\`text\n${lines[0]?.trimEnd()}\n\`\`\``)
    }))
})

const userOf = (seq: number): string => seq % 2 === 0 ? "one" : `other ${seq}`
