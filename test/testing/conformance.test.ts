/** The suite of sinks, on one that keeps every rule and on those that break one each. */
import { NodeServices } from "@effect/platform-node"
import { assert, describe, it, layer } from "@effect/vitest"
import { Effect, Exit } from "effect"
import { type LogRecord, LogSink, SinkConformance } from "../../src/index.ts"
import { directory } from "../support/spooledLanes.ts"
import { answers, Far, Good, type Response, token } from "./conformingSink.ts"

type Batch = ReadonlyArray<LogRecord.LogRecord>

const casesOf = (make: new(far: Far) => Good, patience: LogSink.DurationInput) =>
  SinkConformance.cases({
    make: Effect.sync(() => {
      const far = new Far()
      return { sink: new make(far).sink, far }
    }),
    stored: (far) => Effect.sync(() => [...far.stored]),
    attempts: (far) => Effect.sync(() => [...far.attempts]),
    answers,
    secrets: [token],
    directory,
    patience
  })

/** What each rule is for: a sink that breaks it, in as little as that takes. */
const broken: Readonly<Record<SinkConformance.Rule, new(far: Far) => Good>> = {
  completeness: class extends Good {
    override lines(batch: Batch) {
      return super.lines(batch).slice(0, 4)
    }
  },
  order: class extends Good {
    override lines(batch: Batch) {
      return super.lines(batch.toReversed())
    }
  },
  identity: class extends Good {
    private tries = 0
    override lines(batch: Batch) {
      this.tries++
      return batch.map((record) => JSON.stringify({ ...record.toJSON(), sent: this.tries }))
    }
  },
  "single attempt": class extends Good {
    override write(batch: Batch) {
      return Effect.retry(super.write(batch), { times: 1, while: ({ reason }) => reason._tag === "Misconfigured" })
    }
  },
  "lost acknowledgement": class extends Good {
    override reset() {
      return LogSink.unavailable("the connection broke")
    }
  },
  restart: class extends Good {
    private readonly process = Math.random()
    override lines(batch: Batch) {
      return batch.map((record) => JSON.stringify({ ...record.toJSON(), process: this.process }))
    }
  },
  classification: class extends Good {
    override wait() {
      return undefined
    }
  },
  "record by record": class extends Good {
    override each(message: string) {
      return LogSink.unavailable(message)
    }
  },
  count: class extends Good {
    override counted(message: string) {
      return LogSink.unavailable(message)
    }
  },
  interruption: class extends Good {
    private isBusy = false
    override send(lines: ReadonlyArray<string>) {
      return Effect.suspend(() => {
        if (this.isBusy) return Effect.fail(LogSink.unavailable("another write is on its way"))
        this.isBusy = true
        const free = Effect.sync(() => {
          this.isBusy = false
        })
        return super.send(lines).pipe(Effect.tap(() => free), Effect.tapError(() => free))
      })
    }
  },
  "slow answer": class extends Good {
    override body({ read }: Response) {
      return read === undefined ? Effect.void : Effect.uninterruptible(forASecond(read))
    }
  },
  "endless answer": class extends Good {
    override body({ read }: Response) {
      return Effect.gen(function*() {
        if (read === undefined) return
        const kept: Array<Uint8Array> = []
        for (let piece = yield* read; piece !== undefined && kept.length < 100; piece = yield* read) kept.push(piece)
      })
    }
  },
  redirect: class extends Good {
    override answered(response: Response) {
      if (response.location !== undefined) this.far.elsewhere++
      return super.answered(response)
    }
  },
  "hang-up": class extends Good {
    override reset() {
      return LogSink.rejected("the connection broke")
    }
  },
  recovery: class extends Good {
    private hasFailed = false
    override answered(response: Response) {
      if (this.hasFailed) return Effect.fail(LogSink.unavailable("it failed before"))
      this.hasFailed = response.status === 413
      return super.answered(response)
    }
  },
  "synchronous writes": class extends Good {
    override writeSync(batch: Batch) {
      super.writeSync(batch.slice(1))
    }
  },
  secrets: class extends Good {
    override counted(_message: string, count: number) {
      return LogSink.rejected(`https://me:${token}@far.test answered`, { count })
    }
  },
  "self-logging": class extends Good {
    override write(batch: Batch) {
      return Effect.andThen(Effect.logInfo(`${batch.length} records`), super.write(batch))
    }
  },
  close: class extends Good {
    override get close() {
      return Effect.never
    }
  },
  "shared records": class extends Good {
    override lines(batch: Batch) {
      for (const record of batch) Object.assign(record.annotations, { host: "here" })
      return super.lines(batch)
    }
  },
  "odd records": class extends Good {
    override lines(batch: Batch) {
      return super.lines(batch.filter(({ message }) => message !== ""))
    }
  },
  "writes at once": class extends Good {
    private current: Batch = []
    override write(batch: Batch) {
      return Effect.suspend(() => {
        this.current = batch
        return Effect.andThen(Effect.yieldNow, Effect.suspend(() => super.write(this.current)))
      })
    }
  },
  "record limit": class extends Good {
    override sizeOf() {
      return Number.NaN
    }
  }
}

/** Reads what comes for a second, whoever has had enough. */
const forASecond = (read: Effect.Effect<unknown>): Effect.Effect<void> =>
  Effect.gen(function*() {
    const end = performance.now() + 1000
    while (performance.now() < end) yield* read
  })

/** Kept in every case, so that none is about them alone. */
const everywhere = new Set(["secrets", "self-logging", "single attempt"])

layer(NodeServices.layer)("a sink that keeps every rule", (it) => {
  const cases = casesOf(Good, "5 seconds")
  for (const { name, rule, run } of cases) it.effect(`${rule}: ${name}`, () => run)

  it("is asked about every rule", () => {
    const rules = Object.keys(broken).filter((rule) => !everywhere.has(rule))
    assert.deepStrictEqual([...new Set<string>(cases.map(({ rule }) => rule))].toSorted(), rules.toSorted())
  })
})

layer(NodeServices.layer)("a sink that breaks one rule", (it) => {
  for (const [rule, make] of Object.entries(broken)) {
    it.effect(`is told that it breaks “${rule}”`, () =>
      Effect.gen(function*() {
        const ends = yield* Effect.forEach(casesOf(make, "200 millis"), ({ run }) => Effect.result(run))
        const told = ends.flatMap((end) => end._tag === "Failure" ? [end.failure] : [])
        for (const { message, rule } of told) assert.isTrue(message.startsWith(`${rule}: `), message)
        assert.include(told.map(({ rule }) => rule), rule, told.map(({ message }) => message).join("\n"))
      }))
  }
})

describe("the suite", () => {
  it("tries nothing that the far end cannot answer", () => {
    const few = SinkConformance.cases({
      make: Effect.die("not made"),
      stored: () => Effect.succeed([]),
      ordered: false
    })
    assert.deepStrictEqual([...new Set(few.map(({ rule }) => rule))].toSorted(), [
      "close",
      "completeness",
      "identity",
      "odd records",
      "record limit",
      "shared records",
      "synchronous writes",
      "writes at once"
    ])
  })

  it.effect("dies with what keeps a sink from being made", () =>
    Effect.gen(function*() {
      const [first] = SinkConformance.cases({ make: Effect.fail("no port"), stored: () => Effect.succeed([]) })
      assert.isTrue(Exit.hasDies(yield* Effect.exit(first?.run ?? Effect.void)))
    }))
})
