import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Effect, FileSystem, Path, Schema } from "effect"
import { createServer } from "node:http"
import { post } from "../../scratchpad/examples/migrating/collector.ts"
import { examplesFolder } from "./pages.ts"
import { run } from "./programs.ts"

const Fields = Schema.Record(Schema.String, Schema.Unknown)
const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Fields))

/** A record, whoever wrote it. */
interface Told {
  readonly level: string
  readonly message: unknown
  readonly fields: Readonly<Record<string, unknown>>
}

const pinoLevels: Readonly<Record<string, string>> = { 30: "INFO", 40: "WARN", 50: "ERROR" }
const failures = new Set(["cause", "err", "error"])
const ofNoInterest = new Set(["fiberId", "hostname", "level", "message", "msg", "pid", "spans", "time", "timestamp"])

/** What a line says. Of an error only whether its message is there. */
const told = (line: string): Told => {
  const { annotations, ...rest } = decode(line)
  const all = { ...rest, ...Schema.decodeUnknownSync(Fields)(annotations ?? {}) }
  const fields: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(all)) {
    if (ofNoInterest.has(key)) continue
    if (failures.has(key)) fields["error"] = JSON.stringify(value).includes("card declined") ? "card declined" : value
    else fields[key] = value
  }
  const level = String(all["level"])
  return { level: pinoLevels[level] ?? level.toUpperCase(), message: all["msg"] ?? all["message"], fields }
}

/** Runs an example; gives what its file holds. With `exit` its process ends behind the last line. */
const fileOf = (name: string, exit = false) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const exits = `data:text/javascript,console.log = () => process.exit()`
    const { exitCode, folder, stderr } = yield* run({
      arguments: [...(exit ? ["--import", exits] : []), path.join(yield* examplesFolder, name)]
    })
    assert.strictEqual(stderr, "")
    assert.strictEqual(exitCode, 0)
    const file = path.join(folder, "app.ndjson")
    const text = (yield* fs.exists(file)) ? yield* fs.readFileString(file) : ""
    return text.split("\n").filter((line) => line !== "").map(told)
  }).pipe(Effect.scoped)

const written = (cardToken: string, error: unknown): ReadonlyArray<Told> => [
  { level: "INFO", message: "order placed", fields: { requestId: "r-1", order: 1042, cardToken } },
  { level: "WARN", message: "out of stock", fields: { requestId: "r-1", item: "lamp" } },
  { level: "ERROR", message: "payment failed", fields: { requestId: "r-1", error } }
]

/** A collector that answers a request after the other with these, then with 200. */
const collector = (...answers: ReadonlyArray<number>) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly url: string; readonly bodies: ReadonlyArray<string>; readonly close: () => void }>(
      (resume) => {
        const bodies: Array<string> = []
        let asked = 0
        const server = createServer((request, response) => {
          const status = answers[asked++] ?? 200
          let body = ""
          request.setEncoding("utf8").on("data", (text: string) => {
            body += text
          })
          request.on("end", () => {
            if (status === 200) bodies.push(body)
            response.writeHead(status, { connection: "close" }).end("{}")
          })
        })
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          const port = typeof address === "object" && address !== null ? address.port : 0
          resume(Effect.succeed({ url: `http://127.0.0.1:${port}/`, bodies, close: () => server.close() }))
        })
      }
    ),
    ({ close }) => Effect.sync(close)
  )

const posted = (name: string, ...answers: ReadonlyArray<number>) =>
  Effect.gen(function*() {
    const path = yield* Path.Path
    const { bodies, url } = yield* collector(...answers)
    const ended = yield* run({ arguments: [path.join(yield* examplesFolder, name)], env: { COLLECTOR_URL: url } })
    assert.strictEqual(ended.exitCode, 0)
    return { bodies, ended }
  }).pipe(Effect.scoped)

const messagesIn = (bodies: ReadonlyArray<string>): ReadonlyArray<unknown> =>
  bodies.flatMap((body) => body.split("\n")).map((line) => told(line).message)

// Each runs in a process and a folder of its own, and mostly waits.
describe.concurrent("docs/migrating.md", () => {
  layer(NodeServices.layer, { excludeTestServices: true })((it) => {
    for (
      const { after, before, keepsErrors, keptAtExit } of [
        {
          before: "migrating/effect-file-before.ts",
          after: "migrating/effect-file-after.ts",
          keepsErrors: true,
          keptAtExit: 0
        },
        { before: "migrating/pino-before.ts", after: "migrating/pino-after.ts", keepsErrors: true, keptAtExit: 3 },
        {
          before: "migrating/winston-before.ts",
          after: "migrating/winston-after.ts",
          keepsErrors: false,
          keptAtExit: 0
        }
      ] as const
    ) {
      it.effect(`${after} writes the records of ${before}, without the secret`, () =>
        Effect.gen(function*() {
          assert.deepStrictEqual(yield* fileOf(before), written("tok_4242", keepsErrors ? "card declined" : {}))
          assert.deepStrictEqual(yield* fileOf(after), written("<redacted>", "card declined"))
        }))

      it.effect(`${before} has ${keptAtExit} of them after process.exit, ${after} all`, () =>
        Effect.gen(function*() {
          assert.strictEqual((yield* fileOf(before, true)).length, keptAtExit)
          assert.deepStrictEqual(yield* fileOf(after, true), written("<redacted>", "card declined"))
        }))
    }

    it.effect("both sides of Logger.batched post the same records to a collector that works", () =>
      Effect.gen(function*() {
        for (const name of ["migrating/effect-batched-before.ts", "migrating/effect-batched-after.ts"]) {
          const { bodies } = yield* posted(name)
          assert.deepStrictEqual(messagesIn(bodies), ["order placed", "order shipped"])
        }
      }))

    it.effect("Logger.batched loses what a collector does not take at once, a sink does not", () =>
      Effect.gen(function*() {
        const before = yield* posted("migrating/effect-batched-before.ts", 503)
        assert.deepStrictEqual(messagesIn(before.bodies), ["order shipped"])
        const after = yield* posted("migrating/effect-batched-after.ts", 503)
        assert.deepStrictEqual(messagesIn(after.bodies), ["order placed", "order shipped"])
        assert.strictEqual(after.ended.stderr, "[spillway] collector: answered 503 (1 record); tried again\n")
      }))

    it.effect("the collector that both post to may be away", () =>
      Effect.gen(function*() {
        assert.strictEqual((yield* Effect.flip(post(["line"]))).message, "no answer")
      }))

    it.effect("OtlpLogger beside the runtime gets every record, and its secrets", () =>
      Effect.gen(function*() {
        const { bodies, ended } = yield* posted("migrating/effect-otlp.ts")
        assert.include(bodies.join(), "order placed")
        assert.include(bodies.join(), "tok_4242")
        assert.strictEqual(told(ended.stdout).message, "order placed")
        assert.notInclude(ended.stdout, "tok_4242")
      }))

    it.effect("OtlpLogger loses what a collector refuses, and does not say so", () =>
      Effect.gen(function*() {
        const { bodies, ended } = yield* posted("migrating/effect-otlp.ts", 400)
        assert.deepStrictEqual(bodies, [])
        assert.strictEqual(ended.stderr, "")
      }))
  })
})
