/** Batches that are not settled as a whole: record by record, by a count, or while they are written. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { Diagnostics } from "../../src/diagnostics/Diagnostics.ts"
import { Ledger, LogRecord, LogSink, MemorySink } from "../../src/index.ts"
import { SyncLane } from "../../src/lane/SyncLane.ts"
import { type LaneUnderTest, makeLane, messages, settle } from "../support/lanes.ts"
import { directory, open } from "../support/spooledLanes.ts"

type Write = Parameters<typeof LogSink.make>[0]["write"]

/** A sink that answers its writes in turn, and then stores what it gets. */
const answering = (answers: ReadonlyArray<Write>, options: Partial<LogSink.LaneOptions> = {}) => {
  const writes: Array<ReadonlyArray<unknown>> = []
  const letters: Array<LogSink.DeadLetter> = []
  const sink = LogSink.make({
    name: "far",
    batchWindow: 0,
    deadLetter: (more) => letters.push(...more),
    ...options,
    write: (batch, acknowledge) => {
      writes.push(messages(batch))
      return answers[writes.length - 1]?.(batch, acknowledge) ?? Effect.void
    }
  })
  return { sink, writes, letters }
}

/** A schedule that keeps the errors it is asked about. */
const recording = (seen: Array<LogSink.SinkError>): LogSink.LaneOptions["retry"] =>
  Schedule.tap(LogSink.defaultRetry, ({ input }) => Effect.sync(() => seen.push(input)))

const fails = (error: LogSink.SinkError): Write => () => Effect.fail(error)

describe("record by record", () => {
  it.effect("only those to be tried again are sent again, before what was logged later", () =>
    Effect.gen(function*() {
      const refused = [{ record: 1, message: "not a number" }, { record: 3, message: "no such field" }]
      const { letters, sink, writes } = answering([
        fails(LogSink.perRecord("2 of 6 refused", { refused, again: [0, 4], retryAfter: "2 seconds" })),
        fails(LogSink.perRecord("1 of 2 refused", { refused: [{ record: 1, message: "not a number" }] }))
      ], { maxBatchSize: 6 })
      const { diagnostics, lane, offer } = yield* makeLane(sink)
      offer(8)
      yield* settle
      assert.deepStrictEqual(lane.books().delivered, 2)
      assert.strictEqual(lane.books().retrying, 2)
      yield* TestClock.adjust("1999 millis")
      assert.strictEqual(writes.length, 1)
      yield* TestClock.adjust("1 millis")
      yield* lane.flush
      assert.deepStrictEqual(writes, [[0, 1, 2, 3, 4, 5], [0, 4], [6, 7]])
      assert.deepStrictEqual(
        letters.map(({ attempts, lastError, reason, record }) => [record.message, reason, lastError, attempts]),
        [
          [1, "rejected_by_server", "not a number", 1],
          [3, "rejected_by_server", "no such field", 1],
          [4, "rejected_by_server", "not a number", 2]
        ]
      )
      assert.strictEqual(lane.books().delivered, 5)
      assert.strictEqual(lane.stats().lastError, undefined)
      assert.match(diagnostics[0] ?? "", /2 of 6 refused/)
    }))

  it.effect("books balance while dead letters are handed over, also where that ends the lane", () =>
    Effect.gen(function*() {
      const refused = [0, 1, 2].map((record) => ({ record, message: `no ${record % 2}` }))
      const seen: Array<boolean> = []
      let lane: LaneUnderTest["lane"] | undefined
      const { sink } = answering([fails(LogSink.perRecord("no", { refused, again: [4] }))], {
        deadLetter() {
          if (lane === undefined) return
          seen.push(Ledger.balanced(lane.books()))
          lane.abandon()
          seen.push(Ledger.balanced(lane.books()))
        }
      })
      const made = yield* makeLane(sink)
      lane = made.lane
      made.offer(5)
      yield* settle
      assert.isAbove(seen.length, 2)
      assert.isTrue(seen.every((balanced) => balanced))
      const { deadLettered, delivered, inFlight, retrying } = lane.books()
      assert.deepStrictEqual([delivered, deadLettered, inFlight + retrying], [1, 4, 0])
    }))

  it.effect("a record that is in a batch twice, given up by two lanes to one fallback, is settled twice", () =>
    Effect.gen(function*() {
      const { sink, writes } = answering([fails(LogSink.perRecord("busy", { again: [1, 3] }))])
      const { lane, offer } = yield* makeLane(sink)
      const record = LogRecord.make({ seq: 9, message: "twice", bytes: 100 })
      lane.inlet.offer(record, 2)
      lane.inlet.offer(record, 2)
      offer(2)
      yield* settle
      offer(1)
      yield* TestClock.adjust("10 seconds")
      yield* lane.flush
      assert.deepStrictEqual(writes, [["twice", "twice", 0, 1], ["twice", 1], [2]])
      assert.strictEqual(lane.books().delivered, 5)
    }))

  it.effect("a flush waits for those that are tried again, and for nothing that came later", () =>
    Effect.gen(function*() {
      const held = yield* Deferred.make<void>()
      const { sink } = answering([
        fails(LogSink.perRecord("busy", { again: [1, 5] })),
        fails(LogSink.perRecord("busy", { again: [1] })),
        () => Deferred.await(held)
      ])
      const { lane, offer } = yield* makeLane(sink)
      offer(3)
      const early = yield* Effect.forkChild(lane.flush, { startImmediately: true })
      offer(3)
      const late = yield* Effect.forkChild(lane.flush, { startImmediately: true })
      yield* settle
      assert.isUndefined(early.pollUnsafe())
      yield* TestClock.adjust("10 seconds")
      yield* settle
      assert.isDefined(early.pollUnsafe(), "record 1 is stored, and record 5 came later")
      assert.isUndefined(late.pollUnsafe())
      yield* Deferred.succeed(held, undefined)
      yield* Fiber.join(late)
      assert.strictEqual(lane.books().delivered, 6)
    }))

  it.effect("what may have arrived and is given up is unconfirmed", () =>
    Effect.gen(function*() {
      const { letters, sink } = answering(
        [fails(LogSink.perRecord("cut off", { again: [1, 2], ambiguous: true }))],
        { retry: LogSink.exponentialRetry({ base: "1 millis", times: 0 }) }
      )
      const { lane, offer } = yield* makeLane(sink)
      offer(4)
      yield* lane.flush
      assert.deepStrictEqual(letters.map(({ reason, record }) => [record.message, reason]), [
        [1, "unconfirmed"],
        [2, "unconfirmed"]
      ])
      assert.strictEqual(lane.books().delivered, 2)
    }))

  it.effect("a sink that stores some of each batch works, and one that stores none does not", () =>
    Effect.gen(function*() {
      const breaker = { failures: 2, cooldown: "1 minute" } as const
      const keeping = (stored: number): Write => (batch) =>
        Effect.fail(LogSink.perRecord("busy", { again: [...batch.keys()].slice(stored) }))
      const some = answering(Array.from({ length: 4 }, () => keeping(1)), { breaker })
      const none = answering(Array.from({ length: 4 }, () => keeping(0)), { breaker })
      const [first, second] = [yield* makeLane(some.sink), yield* makeLane(none.sink)]
      for (const { offer } of [first, second]) offer(8)
      yield* TestClock.adjust("2 seconds")
      assert.isAtLeast(some.writes.length, 3)
      assert.isFalse(first.lane.stats().breakerOpen)
      assert.isTrue(second.lane.stats().breakerOpen)
    }))
})

describe("a count", () => {
  const counted = (count: number) => fails(LogSink.rejected("partial success", { count }))

  it.effect("is counted, the others are delivered, and nothing is sent again", () =>
    Effect.gen(function*() {
      const fallback = MemorySink.make()
      const { lane: other } = yield* makeLane(fallback)
      const { letters, sink, writes } = answering([counted(2)])
      const { drops, lane, offer } = yield* makeLane(sink, other.inlet)
      offer(5)
      yield* lane.flush
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual(writes.length, 1)
      const { deadLettered, delivered, dropped } = lane.books()
      assert.deepStrictEqual([delivered, dropped.rejected_by_server, deadLettered], [3, 2, 0])
      assert.strictEqual(drops(), 1)
      assert.strictEqual(other.books().accepted, 0, "a fallback would store again what is stored")
      assert.deepStrictEqual(
        letters.map(({ lastError, partial, reason, record }) => [record.message, reason, lastError, partial]),
        [0, 1, 2, 3, 4].map((message) => [message, "rejected_by_server", "partial success", 2])
      )
    }))

  it.layer(NodeServices.layer)((it) => {
    it.effect("is kept where the dead letters end the process: nothing of the batch comes again from disk", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "always" } as const
        let end = (): unknown => undefined
        const first = yield* open(answering([counted(1)], { spool, deadLetter: () => end() }).sink)
        end = first.end
        first.offer(0, 4)
        yield* settle
        const books = first.lane.books()
        assert.deepStrictEqual([books.delivered, books.dropped.rejected_by_server, books.spooled], [3, 1, 0])
        const { lane } = yield* open(answering([], { spool }).sink)
        assert.strictEqual(lane.books().recovered, 0)
      }))
  })

  it.effect("of none is a warning", () =>
    Effect.gen(function*() {
      const { letters, sink } = answering([counted(0)])
      const { diagnostics, drops, lane, offer } = yield* makeLane(sink)
      offer(5)
      yield* lane.flush
      assert.strictEqual(lane.books().delivered, 5)
      assert.deepStrictEqual([letters.length, drops()], [0, 0])
      assert.match(diagnostics[0] ?? "", /partial success/)
    }))

  it.effect("is kept by dead letters that throw no less than by none", () =>
    Effect.gen(function*() {
      const refuse = (): never => {
        throw new Error("full")
      }
      const { sink } = answering([counted(2)], { deadLetter: refuse })
      const { diagnostics, lane, offer } = yield* makeLane(sink)
      offer(5)
      yield* lane.flush
      assert.deepStrictEqual([lane.books().delivered, lane.books().dropped.rejected_by_server], [3, 2])
      assert.match(diagnostics.join("\n"), /the dead letters refused a copy of 5 records, which are counted: give/)
    }))
})

describe("acknowledged while it is written", () => {
  /** Acknowledges some records and then does something else. */
  const saying = (positions: ReadonlyArray<number>, then: Effect.Effect<void, LogSink.SinkError>): Write => (_, say) =>
    Effect.suspend(() => {
      for (const position of positions) say(position)
      return then
    })

  const ends: ReadonlyArray<readonly [name: string, Effect.Effect<void, LogSink.SinkError>]> = [
    ["fails", Effect.fail(LogSink.unavailable("the connection is closed", { ambiguous: true }))],
    ["takes too long", Effect.never],
    ["dies", Effect.die(new Error("a defect"))],
    ["answers record by record", Effect.fail(LogSink.perRecord("some are missing", { again: [1, 2, 4] }))]
  ]
  for (const [name, end] of ends) {
    it.effect(`is delivered when the write ${name}, and only the others are sent again`, () =>
      Effect.gen(function*() {
        const { sink, writes } = answering([saying([0, 3, 2], end)], { writeTimeout: "1 second" })
        const { lane, offer } = yield* makeLane(sink)
        offer(5)
        yield* TestClock.adjust("10 seconds")
        yield* lane.flush
        assert.deepStrictEqual(writes, [[0, 1, 2, 3, 4], [1, 4]])
        assert.strictEqual(lane.books().delivered, 5)
      }))
  }

  it.effect("is delivered when the worker is killed, whose successor goes on with the same write", () =>
    Effect.gen(function*() {
      const end = yield* Deferred.make<void, LogSink.SinkError>()
      const { sink, writes } = answering([saying([1], Deferred.await(end))])
      const { lane, offer, state } = yield* makeLane(sink)
      offer(3)
      yield* settle
      state.slots[0]?.worker?.interruptUnsafe()
      yield* settle
      yield* TestClock.adjust("1 second")
      yield* Deferred.fail(end, LogSink.unavailable("closed"))
      yield* TestClock.adjust("10 seconds")
      yield* lane.flush
      assert.deepStrictEqual(writes, [[0, 1, 2], [0, 2]])
    }))

  for (const how of ["abandoned", "written synchronously"] as const) {
    it.effect(`is delivered when the lane is ${how}`, () =>
      Effect.gen(function*() {
        const { letters, sink } = answering([saying([0, 2], Effect.never)])
        const { lane, offer } = yield* makeLane(sink)
        offer(3)
        yield* settle
        const written: Array<unknown> = []
        if (how === "abandoned") lane.abandon()
        else lane.writeLeft((batch) => written.push(...messages(batch)), () => true)
        assert.strictEqual(lane.books().delivered, how === "abandoned" ? 2 : 3)
        assert.deepStrictEqual(written, how === "abandoned" ? [] : [1])
        assert.deepStrictEqual(
          letters.map(({ reason, record }) => [record.message, reason]),
          how === "abandoned" ? [[1, "unconfirmed"]] : []
        )
      }))
  }

  it.effect("all of it is delivered though the write fails", () =>
    Effect.gen(function*() {
      const { sink, writes } = answering([saying([0, 1], Effect.fail(LogSink.unavailable("closed")))], {
        maxBatchSize: 2
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(4)
      yield* settle
      yield* lane.flush
      assert.deepStrictEqual(writes, [[0, 1], [2, 3]])
    }))

  it.effect("says nothing after the write has ended, nor of positions that are not there", () =>
    Effect.gen(function*() {
      let late: LogSink.Acknowledge = () => {}
      const { sink, writes } = answering([
        (_, say) => {
          late = say
          say(7)
          say(-1)
          say(Number.NaN)
          return Effect.fail(LogSink.unavailable("closed"))
        }
      ])
      const { lane, offer } = yield* makeLane(sink)
      offer(2)
      yield* settle
      late(0)
      yield* TestClock.adjust("10 seconds")
      yield* lane.flush
      assert.deepStrictEqual(writes, [[0, 1], [0, 1]])
      assert.strictEqual(lane.books().delivered, 2)
    }))
})

describe("the limit of a record", () => {
  const long = (seq: number): LogRecord.LogRecord =>
    LogRecord.make({ seq, message: "x".repeat(100_000), bytes: 100_000 })
  const sizeOf = (record: LogRecord.LogRecord): number => JSON.stringify(record).length

  it.effect("shortens what is larger before it costs a request", () =>
    Effect.gen(function*() {
      const { sink, writes } = answering([])
      const { lane, offer } = yield* makeLane({ ...sink, recordLimit: { maxBytes: 20_000, sizeOf } })
      offer(1)
      lane.inlet.offer(long(1), 2)
      yield* lane.flush
      assert.strictEqual(writes.length, 1)
      assert.match(String(writes[0]?.[1]), /^x{4096}…\[truncated: 100000 characters\]$/)
      assert.strictEqual(lane.books().delivered, 2)
    }))

  it.effect("counts as too_large what is larger even when it is short, and lets dead letters have all of it", () =>
    Effect.gen(function*() {
      const { letters, sink, writes } = answering([])
      const { lane, offer } = yield* makeLane({ ...sink, recordLimit: { maxBytes: 2000, sizeOf } })
      lane.inlet.offer(long(7), 2)
      yield* lane.flush
      assert.strictEqual(writes.length, 0)
      offer(2)
      lane.inlet.offer(long(8), 2)
      yield* lane.flush
      assert.deepStrictEqual(writes, [[0, 1]])
      assert.deepStrictEqual(
        letters.map(({ attempts, reason, record }) => [record.seq, reason, attempts, String(record.message).length]),
        [[7, "too_large", 0, 100_000], [8, "too_large", 0, 100_000]]
      )
      assert.strictEqual(lane.books().deadLettered, 2)
    }))

  it.effect("does not shorten twice what the destination finds too large all the same", () =>
    Effect.gen(function*() {
      const { letters, sink, writes } = answering([fails(LogSink.tooLarge("413"))])
      const { lane } = yield* makeLane({ ...sink, recordLimit: { maxBytes: 20_000, sizeOf } })
      lane.inlet.offer(long(0), 2)
      yield* lane.flush
      assert.strictEqual(writes.length, 1)
      assert.deepStrictEqual(letters.map(({ reason, record }) => [reason, String(record.message).length]), [
        ["too_large", 100_000]
      ])
    }))

  it.layer(NodeServices.layer)((it) => {
    it.effect("keeps on disk what was logged, through an outage and through a restart", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "overflow" } as const
        const recordLimit = { maxBytes: 20_000, sizeOf }
        const down = Array.from({ length: 12 }, () => fails(LogSink.unavailable("down")))
        const { letters, sink, writes } = answering(
          [...down, fails(LogSink.rejected("no")), () => Effect.never],
          { spool }
        )
        const first = yield* open({ ...sink, recordLimit })
        first.lane.inlet.offer(long(0), 2)
        yield* settle
        while (writes.length < 13) yield* TestClock.adjust("20 seconds")
        yield* first.lane.flush
        const lengths = letters.map(({ record }) => String(record.message).length)
        assert.deepStrictEqual(lengths, [100_000], "also as a dead letter")
        first.lane.inlet.offer(long(1), 2)
        yield* settle
        assert.strictEqual(first.end().spooled, 1)
        const second = answering([], { spool })
        const { lane } = yield* open(second.sink)
        while (lane.books().delivered < 1) yield* Effect.yieldNow
        assert.strictEqual(String(second.writes[0]?.[0]).length, 100_000)
      }))
  })

  it.effect("does not shorten it twice when the others of its batch were acknowledged", () =>
    Effect.gen(function*() {
      const { letters, sink, writes } = answering([
        (_, say) => {
          say(0)
          return Effect.fail(LogSink.tooLarge("413"))
        }
      ])
      const { lane, offer } = yield* makeLane({ ...sink, recordLimit: { maxBytes: 20_000, sizeOf } })
      offer(1)
      lane.inlet.offer(long(1), 2)
      yield* lane.flush
      assert.strictEqual(writes.length, 1)
      assert.deepStrictEqual(letters.map(({ reason, record }) => [reason, String(record.message).length]), [
        ["too_large", 100_000]
      ])
    }))

  for (
    const [name, odd] of [
      ["throws", () => {
        throw new Error("no")
      }],
      ["gives no number", () => Number.NaN]
    ] as const
  ) {
    it.effect(`sends a record as it is where its measure ${name}`, () =>
      Effect.gen(function*() {
        const { sink, writes } = answering([])
        const { lane } = yield* makeLane({ ...sink, recordLimit: { maxBytes: 1, sizeOf: odd } })
        lane.inlet.offer(long(0), 2)
        yield* lane.flush
        assert.strictEqual(String(writes[0]?.[0]).length, 100_000)
      }))
  }
})

describe("a lane without a queue", () => {
  const record = LogRecord.make({ message: "x".repeat(100_000), bytes: 100_000 })
  const sizeOf = ({ message }: LogRecord.LogRecord): number => String(message).length
  const rows: ReadonlyArray<
    readonly [
      string,
      LogSink.SinkError | undefined,
      maxBytes: number,
      written: number,
      reason: Ledger.DropReason | undefined
    ]
  > = [
    ["stored", undefined, 1_000_000, 100_000, undefined],
    ["shortened", undefined, 10_000, 4127, undefined],
    ["too large", undefined, 10, 0, "too_large"],
    ["stored all the same", LogSink.unavailable("full", { stored: 1 }), 1_000_000, 100_000, undefined],
    ["refused", LogSink.rejected("no"), 1_000_000, 100_000, "rejected_by_server"],
    ["refused by count", LogSink.rejected("no", { count: 1 }), 1_000_000, 100_000, "rejected_by_server"],
    ["refused with a warning", LogSink.rejected("no", { count: 0 }), 1_000_000, 100_000, undefined],
    ["busy", LogSink.perRecord("no", { again: [0] }), 1_000_000, 100_000, "retries_exhausted"],
    ["too large for the destination", LogSink.tooLarge("no"), 1_000_000, 100_000, "too_large"],
    ["closed", LogSink.closed("no"), 1_000_000, 100_000, "sink_closed"]
  ]
  for (const [name, error, maxBytes, length, reason] of rows) {
    it(`counts a record that is ${name}`, () => {
      let written = 0
      const letters: Array<LogSink.DeadLetter> = []
      const sink = LogSink.make({
        name: "sync",
        write: () => Effect.void,
        recordLimit: { maxBytes, sizeOf },
        deadLetter: (more) => letters.push(...more)
      })
      const lane = new SyncLane(
        {
          ...sink,
          writeSync([given]) {
            written = sizeOf(given!)
            if (error !== undefined) throw error
          }
        },
        new Diagnostics(() => {}, () => 0),
        { onTake() {}, onChange() {} }
      )
      lane.offer(record)
      const { deadLettered, delivered } = lane.books()
      assert.deepStrictEqual([written, delivered, deadLettered], [length, reason ? 0 : 1, reason ? 1 : 0])
      assert.deepStrictEqual(letters.map((letter) => [letter.reason, letter.record]), reason ? [[reason, record]] : [])
    })
  }
})

describe("a thrown answer of a synchronous write", () => {
  const rows: ReadonlyArray<readonly [string, LogSink.SinkError, delivered: number, refused: number, given: number]> = [
    ["the head stored", LogSink.unavailable("full", { stored: 1 }), 1, 0, 3],
    ["refused by name", LogSink.rejected("no", { records: [1, 2] }), 2, 2, 0],
    ["refused by count", LogSink.rejected("no", { count: 3 }), 1, 3, 0],
    ["record by record", LogSink.perRecord("no", { refused: [{ record: 0, message: "no" }], again: [3] }), 2, 1, 1],
    ["refused as a whole", LogSink.rejected("no"), 0, 0, 4]
  ]
  for (const [name, error, delivered, refused, given] of rows) {
    it.effect(name, () =>
      Effect.gen(function*() {
        const { sink } = answering([], { deadLetter: undefined })
        const { lane, offer } = yield* makeLane(sink)
        offer(4)
        lane.writeLeft(() => {
          throw error
        }, () => true)
        const books = lane.books()
        assert.deepStrictEqual(
          [books.delivered, books.dropped.rejected_by_server, books.dropped.shutdown_deadline],
          [delivered, refused, given]
        )
      }))
  }
})

describe("a letter of a synchronous write", () => {
  const rows: ReadonlyArray<readonly [string, LogSink.SinkError, reason: string, said: string]> = [
    ["refused by name", LogSink.rejected("no such field", { records: [1] }), "rejected_by_server", "no such field"],
    ["refused by count", LogSink.rejected("some are old", { count: 1 }), "rejected_by_server", "some are old"],
    [
      "record by record",
      LogSink.perRecord("not all", { refused: [{ record: 0, message: "409 conflict" }] }),
      "rejected_by_server",
      "409 conflict"
    ],
    ["refused as a whole", LogSink.rejected("not allowed"), "shutdown_deadline", "not allowed"],
    ["not taken", LogSink.unavailable("closing"), "shutdown_deadline", "closing"]
  ]
  for (const [name, error, reason, said] of rows) {
    it.effect(`says what was answered, and how often it was tried: ${name}`, () =>
      Effect.gen(function*() {
        const { letters, sink } = answering([])
        const { lane, offer } = yield* makeLane(sink)
        offer(2)
        lane.writeLeft(() => {
          throw error
        }, () => true)
        assert.isAbove(letters.length, 0)
        for (const letter of letters) {
          assert.deepStrictEqual([letter.reason, letter.lastError, letter.attempts], [reason, said, 1])
        }
      }))
  }

  it.effect("says that a batch may have arrived that a worker was writing, whatever is answered now", () =>
    Effect.gen(function*() {
      const { letters, sink } = answering([() => Effect.never])
      const { lane, offer } = yield* makeLane(sink)
      offer(1)
      yield* settle
      lane.writeLeft(() => {
        throw LogSink.unavailable("closing")
      }, () => true)
      assert.deepStrictEqual(
        letters.map(({ attempts, lastError, reason }) => [reason, lastError, attempts]),
        [["unconfirmed", "closing", 2]]
      )
    }))
})

describe("a synchronous write that may have stored what it does not take", () => {
  const rows: ReadonlyArray<readonly [string, LogSink.SinkError, number]> = [
    ["of all", LogSink.unavailable("cut off", { ambiguous: true }), 3],
    ["of some", LogSink.perRecord("cut off", { again: [1], ambiguous: true }), 1]
  ]
  for (const [name, error, unconfirmed] of rows) {
    it.effect(`leaves it unconfirmed: ${name}`, () =>
      Effect.gen(function*() {
        const { sink } = answering([], { deadLetter: undefined })
        const { lane, offer } = yield* makeLane(sink)
        offer(3)
        lane.writeLeft(() => {
          throw error
        }, () => true)
        const { delivered, dropped } = lane.books()
        assert.deepStrictEqual(
          [delivered, dropped.unconfirmed, dropped.shutdown_deadline],
          [3 - unconfirmed, unconfirmed, 0]
        )
      }))
  }
})

describe("a head that is settled", () => {
  it.layer(NodeServices.layer)((it) => {
    it.effect("does not come again with the rest of its batch when the lane is opened again", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "always" } as const
        const { sink, writes } = answering([
          fails(LogSink.perRecord("busy", { again: [2, 3] })),
          () => Effect.never
        ], { spool })
        const first = yield* open(sink)
        first.offer(0, 4)
        yield* settle
        assert.deepStrictEqual([writes, first.lane.books().delivered], [[[0, 1, 2, 3]], 2])
        first.end()
        const again = answering([], { spool })
        const { lane } = yield* open(again.sink)
        while (lane.books().delivered < 2) yield* Effect.yieldNow
        assert.deepStrictEqual(again.writes, [[2, 3]])
      }))
  })
})

describe("what is settled behind something that is not", () => {
  /** Has a lane with a spool write four records, ends it in its dead letters or later, and gives what the next one sends. */
  const sentNext = (answers: ReadonlyArray<Write>, options: Partial<LogSink.LaneOptions> = {}) =>
    Effect.gen(function*() {
      const spool = { directory: yield* directory, mode: "always" } as const
      const given: Array<unknown> = []
      let end = (): unknown => undefined
      const deadLetter = (letters: ReadonlyArray<LogSink.DeadLetter>): void => {
        given.push(letters.map(({ record }) => record.message))
        end()
      }
      const first = yield* open(answering(answers, { ...options, spool, deadLetter }).sink)
      end = first.end
      first.offer(0, 4)
      yield* settle
      const { deadLettered } = first.end()
      assert.strictEqual(deadLettered, given.flat().length)
      const again = answering([], { spool })
      const { lane } = yield* open(again.sink)
      const { recovered } = lane.books()
      while (lane.books().delivered < recovered) yield* Effect.yieldNow
      return { given, sent: again.writes.flat() }
    })

  it.layer(NodeServices.layer)((it) => {
    it.effect("does not come again from disk: a batch behind an older one", () =>
      Effect.gen(function*() {
        const { sent } = yield* sentNext([() => Effect.never], { concurrency: 2, maxBatchSize: 1 })
        assert.deepStrictEqual(sent, [0])
      }))

    it.effect("does not come again from disk: some records of a batch", () =>
      Effect.gen(function*() {
        const busy = fails(LogSink.perRecord("busy", { again: [0, 2], retryAfter: "1 minute" }))
        const { sent } = yield* sentNext([busy, () => Effect.never])
        assert.deepStrictEqual(sent, [0, 2])
      }))

    it.effect("does not come again from disk where the dead letters end the lane, which get all that is refused", () =>
      Effect.gen(function*() {
        const refused = [{ record: 1, message: "one" }, { record: 3, message: "three" }]
        const { given, sent } = yield* sentNext([fails(LogSink.perRecord("no", { refused, again: [0] }))])
        assert.deepStrictEqual([given, sent], [[[1], [3]], [0]])
      }))
  })
})

describe("what is left of a batch that was acknowledged in part", () => {
  it.layer(NodeServices.layer)((it) => {
    it.effect("goes to disk when the lane ends, whole", () =>
      Effect.gen(function*() {
        const spool = { directory: yield* directory, mode: "overflow" } as const
        const first: Write = (_, acknowledge) => {
          acknowledge(0)
          return Effect.fail(LogSink.unavailable("closed"))
        }
        const { sink, writes } = answering(Array.from({ length: 9 }, () => first), { spool })
        const { lane, offer } = yield* open(sink)
        offer(0, 8)
        yield* settle
        lane.beginDrain(0)
        yield* lane.drainDone
        const { delivered, spooled } = lane.books()
        assert.deepStrictEqual([delivered, spooled], [writes.length, 8 - writes.length])
      }))
  })
})

describe("a destination that is gone", () => {
  const rows: ReadonlyArray<readonly [string, LogSink.SinkError, reason: Ledger.DropReason]> = [
    ["has not answered may have it", LogSink.unavailable("cut off", { ambiguous: true }), "unconfirmed"],
    ["does not take waits for nothing", LogSink.unavailable("busy"), "sink_closed"],
    ["finds too large gets no part of it", LogSink.tooLarge("413"), "sink_closed"]
  ]
  for (const [name, error, reason] of rows) {
    it.effect(`and that ${name}, by another worker`, () =>
      Effect.gen(function*() {
        const held = yield* Deferred.make<void, LogSink.SinkError>()
        const { letters, sink, writes } = answering(
          [() => Deferred.await(held), fails(LogSink.closed("gone"))],
          { concurrency: 2, maxBatchSize: 2 }
        )
        const { offer } = yield* makeLane(sink)
        offer(4)
        yield* settle
        yield* Deferred.fail(held, error)
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(writes, [[0, 1], [2, 3]])
        assert.deepStrictEqual(letters.map((letter) => [letter.record.message, letter.reason]), [
          [2, "sink_closed"],
          [3, "sink_closed"],
          [0, reason],
          [1, reason]
        ])
      }))
  }
})

describe("an error of a sink", () => {
  it.effect("has the name of its sink when the schedule sees it, and the sink need not say it", () =>
    Effect.gen(function*() {
      const error = LogSink.unavailable("down")
      const { sink } = answering([fails(error)])
      const seen: Array<LogSink.SinkError> = []
      const { lane, offer } = yield* makeLane({
        ...sink,
        name: "one of two",
        options: { ...sink.options, retry: recording(seen) }
      })
      offer(1)
      yield* settle
      yield* TestClock.adjust("10 seconds")
      yield* lane.flush
      assert.deepStrictEqual(seen.map(({ message, sink }) => [sink, message]), [["one of two", "down"]])
      assert.isUndefined(error.sink, "another lane may be given the same error")
    }))
})
