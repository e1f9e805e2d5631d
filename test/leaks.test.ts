import { NodeServices } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Cause, Data, Effect, FileSystem, HashMap, Metric, Option, Path, Redacted, Schedule } from "effect"
import {
  DeadLetters,
  FileSink,
  Ledger,
  LogEncoder,
  Logging,
  LogSink,
  MemorySink,
  ScriptedSink,
  TestLogging
} from "../src/index.ts"
import { secret } from "./support/hostile.ts"
import { makeRuntime } from "./support/runtime.ts"
import { spanEventsOf } from "./support/tracing.ts"

class LoginFailed extends Data.TaggedError("LoginFailed")<{ readonly password: string; readonly message: string }> {}

const url = `https://ada:${secret}@host/login?access_token=${secret}&page=2#id_token=${secret}`
const fields = { planted: true, password: secret, list: [{ API_KEY: secret }], "x-session": { id: secret } }
const error = (): Error =>
  Object.assign(
    new Error(`GET ${url} failed: host=h password=${secret} Authorization: Bearer ${secret}1`, {
      cause: new LoginFailed({ password: secret, message: `for ${url}` })
    }),
    {
      config: { method: "post", headers: { "x-a": "b" }, data: JSON.stringify({ note: secret }) },
      headers: { Authorization: `Bearer ${secret}`, referer: url },
      errors: [fields]
    }
  )

/** A log call for every kind of place in which a secret may stand. */
const plant = Effect.gen(function*() {
  const { logger } = yield* Logging.Logging
  yield* Effect.log("planted", fields, new Map<unknown, unknown>([["cookie", secret], [Symbol("pin"), secret]]))
  yield* Effect.log(fields)
  yield* Effect.logWarning("planted", HashMap.make(["token", secret]), Option.some(fields), { toJSON: () => fields })
  yield* Effect.log("planted", {
    url,
    DATABASE_URL: url,
    links: [url],
    seen: new URL(url),
    headers: new Headers(headers),
    pairs: Object.entries(headers),
    named: [{ name: "Cookie", value: secret }],
    request: { headers: ["Cookie", secret] }
  })
  yield* Effect.log("planted", Redacted.make(secret), [Redacted.make(secret, { label: "label" })])
  yield* Effect.log(error())
  yield* Effect.logError("planted", Cause.fail(error()))
  yield* Effect.logError("planted", Cause.die(error()), Cause.fail(`planted ${url}`))
  yield* Effect.logFatal("planted", Cause.fail(fields))
  yield* Effect.log("planted").pipe(
    Effect.annotateLogs({ ...fields, url, error: error(), redacted: Redacted.make(secret) }),
    Effect.withLogSpan(`planted ${url}`)
  )
  logger.info("planted", { ...fields, url })
  logger.with({ ...fields, error: error() }).error(error())
  logger.with({ dsn: url }).with({ referer: url }).info(fields)
})

const headers = { authorization: secret, "x-api-key": secret, location: url }

const textsIn = (folder: string) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const names = yield* fs.readDirectory(folder, { recursive: true })
    const files = yield* Effect.filter(
      names.map((name) => path.join(folder, name)),
      (file) => Effect.map(fs.stat(file), ({ type }) => type === "File")
    )
    return (yield* Effect.forEach(files, (file) => fs.readFileString(file))).join("\n")
  })

layer(NodeServices.layer)("F91: what is hidden in a record", (it) => {
  describe("leaves by no other way", () => {
    it.effect("sinks, fallbacks, dead letters, spool, span events, diagnostics, stats, metrics, report, last resort", () =>
      Effect.gen(function*() {
        const directory = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
        const path = yield* Path.Path
        const file = path.join(directory, "app.ndjson")
        const once = { retry: Schedule.recurs(0) }
        const refused = ScriptedSink.fail({ _tag: "Rejected" })
        const letters = yield* DeadLetters.open({ directory: path.join(directory, "letters"), lane: "refusing" })
        const fallback = MemorySink.make({ name: "fallback" })
        const spooled = ScriptedSink.make({
          name: "spooled",
          script: [ScriptedSink.gate],
          spool: { directory: path.join(directory, "spool"), mode: "always", fsync: "never" }
        })
        const runtime = yield* makeRuntime({
          sinks: [
            FileSink.make({ path: file }),
            spooled,
            LogSink.make({
              name: "refusing",
              deadLetter: DeadLetters.into(letters),
              write: () => Effect.fail(LogSink.rejected(`POST ${url} answered 400`))
            }),
            ScriptedSink.make({ name: "falling", otherwise: refused, fallback }),
            ScriptedSink.make({ name: "dying", otherwise: ScriptedSink.die(error()), ...once }),
            LogSink.make({
              name: "failing",
              write: () => Effect.fail(LogSink.unavailable(`POST ${url} failed`, { cause: error() })),
              close: Effect.die(error()),
              ...once
            })
          ]
        })
        const unacquired = yield* makeRuntime({ sinks: [Effect.fail(error())] })
        yield* unacquired.close()
        const events = yield* spanEventsOf(
          runtime.run(Effect.provideService(plant, Logging.Logging, runtime.service))
        )
        yield* spooled.started(1)
        const onSpool = yield* textsIn(path.join(directory, "spool"))
        yield* spooled.release
        yield* runtime.service.flush
        const stats = yield* runtime.service.stats
        const metrics = yield* Metric.dump
        const lastLines: Array<string> = []
        const encoder = LogEncoder.json()
        runtime.control.crash(error())
        runtime.control.rescue((records) => lastLines.push(...records.map((record) => encoder.encode(record))))
        yield* runtime.close()

        const ways: Readonly<Record<string, string>> = {
          file: yield* textsIn(directory),
          spool: onSpool,
          deadLetters: yield* textsIn(path.join(directory, "letters")),
          fallback: fallback.records.map((record) =>
            (["json", "logfmt", "pretty"] as const).map((format) => LogEncoder.make(format).encode(record)).join("\n")
          ).join("\n"),
          spanEvents: JSON.stringify(events),
          lastLines: lastLines.join("\n"),
          diagnostics: [...runtime.lines, ...unacquired.lines].join("\n"),
          stats: JSON.stringify(stats),
          report: JSON.stringify(runtime.reports) + runtime.reports.map((report) => Ledger.format(report)).join("\n"),
          metrics
        }
        for (const [way, text] of Object.entries(ways)) {
          assert.isNotEmpty(text, way)
          assert.notInclude(text, secret, way)
        }
        for (const way of ["file", "spool", "deadLetters", "fallback", "spanEvents"]) {
          assert.include(ways[way], "planted", way)
        }
        for (const way of ["deadLetters", "diagnostics", "stats", "report"]) {
          assert.include(ways[way], "redacted@host", way)
        }
        assert.include(ways["lastLines"], "uncaught error")
      }))

    it.effect("records in tests, as values and as lines, and inspected", () =>
      Effect.gen(function*() {
        yield* plant
        const { lines, records } = yield* TestLogging.TestLogging
        const all = yield* records
        assert.isAbove(all.length, 10)
        const shown = [
          ...yield* lines("pretty"),
          ...yield* lines("json"),
          ...yield* lines("logfmt"),
          JSON.stringify(all)
        ]
        assert.notInclude(shown.join("\n"), secret)
      }).pipe(Effect.provide(Logging.layerTest())))
  })
})
