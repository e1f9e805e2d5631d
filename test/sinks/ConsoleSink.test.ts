import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { EventEmitter } from "node:events"
import { PassThrough } from "node:stream"
import { ConsoleSink, type Ledger, Logging } from "../../src/index.ts"
import { replace } from "../support/replace.ts"

type Done = (error?: Error) => void

/** What a program may put in the place of `process.stdout.write`, and how many of two records it takes. */
const stubs: ReadonlyArray<{
  readonly name: string
  readonly write: (take: () => void, done: Done) => unknown
  readonly taken: number
}> = [
  {
    name: "never calls back",
    write(take) {
      take()
      return true
    },
    taken: 2
  },
  {
    name: "calls back twice",
    write(take, done) {
      take()
      done()
      done()
    },
    taken: 2
  },
  { name: "gives a promise", write: (take) => Promise.resolve().then(take), taken: 2 },
  { name: "gives a promise that fails", write: () => Promise.reject(new Error("no")), taken: 0 },
  { name: "calls back with an error", write: (_, done) => done(new Error("no")), taken: 0 },
  {
    name: "throws",
    write() {
      throw new TypeError("no")
    },
    taken: 0
  }
]

/** Logs two records, each settled before the next, and gives the books of the console. */
const logTwo = (queue: boolean): Effect.Effect<Ledger.LaneBooks | undefined> =>
  Effect.gen(function*() {
    let books: Ledger.LaneBooks | undefined
    yield* Effect.gen(function*() {
      const { flush } = yield* Logging.Logging
      for (const message of ["first", "second"]) {
        yield* Effect.logInfo(message)
        yield* flush
      }
    }).pipe(Effect.provide(Logging.layer({
      sinks: [ConsoleSink.make({ format: "logfmt", retry: Schedule.recurs(0), breaker: false })],
      queue,
      diagnostics: () => {},
      onShutdown: ({ lanes }) =>
        Effect.sync(() => {
          books = lanes["console"]
        })
    })))
    return books
  })

const messagesIn = (texts: ReadonlyArray<string>): ReadonlyArray<string | undefined> =>
  texts.map((text) => /message=(\w+)/.exec(text)?.[1])

describe("a stdout that is not Node's", () => {
  for (const { name, taken, write } of stubs) {
    it.effect(`F78: a write that ${name} is settled, and the next record is written`, () =>
      Effect.gen(function*() {
        const texts: Array<string> = []
        let calls = 0
        yield* replace(process.stdout, "write", (text: string, done: Done) => {
          calls++
          return write(() => texts.push(text), done)
        })
        const listeners = process.stdout.listenerCount("error")
        const books = yield* logTwo(true)

        assert.strictEqual(calls, 2)
        assert.deepStrictEqual(messagesIn(texts), ["first", "second"].slice(0, taken))
        assert.deepStrictEqual([books?.delivered, books?.dropped.retries_exhausted], [taken, 2 - taken])
        assert.strictEqual(process.stdout.listenerCount("error"), listeners)
      }))
  }

  it.effect("F78: a write that is called without a queue gets every record in its log call", () =>
    Effect.gen(function*() {
      const texts: Array<string> = []
      yield* replace(process.stdout, "write", (text: string) => texts.push(text))
      const books = yield* logTwo(false)
      assert.deepStrictEqual(messagesIn(texts), ["first", "second"])
      assert.strictEqual(books?.delivered, 2)
    }))

  it.effect("F78: a stream that was put in its place gets the records", () =>
    Effect.gen(function*() {
      const stream = new PassThrough()
      yield* replace(process, "stdout", stream)
      const books = yield* logTwo(true)
      assert.deepStrictEqual(messagesIn(String(stream.read()).trimEnd().split("\n")), ["first", "second"])
      assert.strictEqual(books?.delivered, 2)
    }))

  it.effect("F78: so does an object that is no stream", () =>
    Effect.gen(function*() {
      const texts: Array<string> = []
      yield* replace(
        process,
        "stdout",
        Object.assign(new EventEmitter(), { write: (text: string) => texts.push(text) })
      )
      const books = yield* logTwo(true)
      assert.deepStrictEqual(messagesIn(texts), ["first", "second"])
      assert.strictEqual(books?.delivered, 2)
    }))
})
