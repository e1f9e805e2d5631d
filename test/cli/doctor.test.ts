import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { assert, it, layer } from "@effect/vitest"
import { ConfigProvider, Effect, Fiber, FileSystem, Layer, Path, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { type Finding, probe } from "../../src/cli/doctor/probe.ts"
import { reportOf } from "../../src/cli/doctor/report.ts"
import { sinksOf } from "../../src/cli/doctor/sinksOf.ts"
import { configured, layerIn } from "../../src/cli/doctor/sources.ts"
import { ConsoleSink, FileSink, Logging, LogSink, MemorySink } from "../../src/index.ts"
import * as OtlpSink from "../../src/sinks/OtlpSink.ts"
import { fixture, run } from "../process/program.ts"
import { type Collector, collector, echoed, refused, type Reply, said, silent } from "../servers/Collector.ts"

const secrets = { password: "password-of-the-url", parameter: "parameter-of-the-url", token: "token-of-a-header" }

const collecting = collector({ contentType: "application/json", path: "/v1/logs" })

/** A sink with secrets all over. */
const sinkTo = (far: Collector, options: OtlpSink.Options = {}) =>
  OtlpSink.make({
    url: far.url.replace("://", `://reader:${secrets.password}@`) + `?token=${secrets.parameter}`,
    headers: { "x-api-key": Redacted.make(secrets.token) },
    format: "json",
    ...options
  })

const printed = (finding: Finding): string => {
  const text = reportOf(finding)
  for (const secret of [...Object.values(secrets), btoa(`reader:${secrets.password}`)]) assert.notInclude(text, secret)
  return text
}

const inAnHour = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toUTCString()

const file = (name: string, text: string) =>
  Effect.gen(function*() {
    const folder = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
    const path = (yield* Path.Path).join(folder, name)
    yield* (yield* FileSystem.FileSystem).writeFileString(path, text)
    return path
  })

const environment = (env: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromEnv({ env }))

it.effect("effect-spillway doctor does not wait for a write that does not end", () =>
  Effect.gen(function*() {
    const write = () => Effect.uninterruptible(Effect.never)
    const probing = yield* Effect.forkChild(probe(LogSink.make({ name: "own", writeTimeout: "20 seconds", write })))
    yield* TestClock.adjust("22 seconds")
    assert.match(reportOf(yield* Fiber.join(probing)), /failed in \d+ ms: its write does not end; mend what it does/)
  }))

layer(Layer.merge(NodeServices.layer, NodeHttpClient.layerUndici), { excludeTestServices: true })(
  "effect-spillway doctor",
  (it) => {
    it.effect("sends one record that says what it is, and shows endpoint, answer, clock and limits", () =>
      Effect.gen(function*() {
        const far = yield* collecting
        far.next(said(200, "{}"))
        const text = printed(yield* probe(yield* sinkTo(far, { maxBatchSize: 7, writeTimeout: "3 seconds" })))
        assert.match(
          text,
          new RegExp(
            [
              "^otlp",
              `  endpoint  127\\.0\\.0\\.1:${far.port}`,
              "  answer    200, delivered in \\d+ ms",
              "  clock     that of the server is as ours",
              "  limits    a batch 7 records, 4 MiB; a record of any size; 1 write at a time, each 3s; " +
              "a queue 8192 records, 16 MiB; tried again for 5m$"
            ].join("\n")
          )
        )
        assert.strictEqual(far.stored.length, 1)
        assert.include(far.stored[0]?.body.toString(), "effect-spillway doctor: this is a probe")
      }))

    const answers: ReadonlyArray<readonly [string, Reply, RegExp]> = [
      ["a clock an hour ahead", said(200, "{}", { date: inAnHour(1) }), /server is 1h ahead of ours; set the/],
      ["a clock an hour behind", said(200, "{}", { date: inAnHour(-1) }), /server is 1h behind ours; set the/],
      [
        "a warning",
        said(200, `{"partialSuccess":{"errorMessage":"old"}}`),
        /200, delivered in .* has taken all records and says: old\n/
      ],
      [
        "a record that is refused",
        said(200, `{"partialSuccess":{"rejectedLogRecords":"1"}}`),
        /200, failed in .* refused 1 of 1 record; look at what/
      ],
      ["401", echoed(401), /401, failed in \d+ ms: .* answered 401; look at its address and at its credentials\n/],
      ["413", echoed(413), /413, failed in \d+ ms: .* answered 413; have it take larger requests\n/],
      ["503", echoed(503), /503, failed in \d+ ms: .* answered 503; look whether it runs/],
      ["a redirect", refused(307, { location: "/x?token=1" }), /307, failed in .*, a redirect to another path there;/]
    ]
    for (const [what, reply, report] of answers) {
      it.effect(`shows ${what}`, () =>
        Effect.gen(function*() {
          const far = yield* collecting
          far.next(reply)
          const finding = yield* probe(yield* sinkTo(far))
          assert.match(printed(finding), report)
          assert.strictEqual(finding.state, /, delivered|server is/.test(report.source) ? "delivered" : "failed")
          assert.strictEqual(far.received.length, 1)
        }))
    }

    it.effect("shows that nobody is there, and that nobody answers in time", () =>
      Effect.gen(function*() {
        const far = yield* collecting
        far.next(silent().reply)
        const late = printed(yield* probe(yield* sinkTo(far, { writeTimeout: "50 millis" })))
        assert.match(late, /answer {4}failed in \d+ ms: the write timed out; look whether it runs/)
        yield* far.close
        const gone = printed(yield* probe(yield* sinkTo(far)))
        assert.match(gone, new RegExp(`failed in \\d+ ms: no connection to 127.0.0.1:${far.port} \\(ECONNREFUSED\\);`))
        assert.notInclude(gone, "clock")
      }))

    it.effect("writes to files and memory, and closes what it has opened", () =>
      Effect.gen(function*() {
        const path = yield* file("app.log", "")
        const memory = MemorySink.make()
        const found = yield* Effect.scoped(
          Effect.flatMap(FileSink.make({ path }), (sink) => Effect.forEach([sink, memory], probe))
        )
        assert.deepStrictEqual(found.map(({ state }) => state), ["delivered", "delivered"])
        assert.include(reportOf(found[0]!), `  endpoint  ${path}\n`)
        assert.notInclude(reportOf(found[1]!), "endpoint")
        const [line = "{}"] = (yield* (yield* FileSystem.FileSystem).readFileString(path)).split("\n")
        assert.deepStrictEqual(JSON.parse(line).annotations, { probe: true })
        assert.strictEqual(memory.records.length, 1)
      }))

    it.effect("sends a probe of the level that a sink takes, and none where it takes nothing", () =>
      Effect.gen(function*() {
        const memory = MemorySink.make({ minimumLevel: "Error" })
        assert.strictEqual((yield* probe(memory)).state, "delivered")
        assert.deepStrictEqual(memory.records.map(({ level }) => level), ["Error"])
        const silenced = yield* probe(LogSink.withMinimumLevel(memory, "None"))
        assert.match(reportOf(silenced), /answer {4}none; all records pass it by, because its level is None/)
        assert.strictEqual(memory.records.length, 1)
      }))

    it.effect("shows what a sink of one's own does instead of writing, without what it must not print", () =>
      Effect.gen(function*() {
        const answer = (write: LogSink.Options["write"]) =>
          Effect.map(probe(LogSink.make({ name: "own", writeTimeout: "20 millis", write })), reportOf)
        assert.match(
          yield* answer(() => Effect.die(new Error("no https://u:hunter2@there"))),
          /failed in \d+ ms: the write died: Error: no https:\/\/[^h]*there; mend what it does when it writes/
        )
        assert.match(
          yield* answer(() =>
            Effect.fail(LogSink.perRecord("1 of 1", { refused: [{ record: 0, message: "no field" }] }))
          ),
          /failed in \d+ ms: no field; look at what it wants of records/
        )
        assert.match(
          yield* answer(() => Effect.fail(LogSink.closed("gone\u001b[2J"))),
          /: gone\\u001b\[2J; look who has closed it/
        )
      }))

    it.effect("builds the layer of a program as far as its sinks, with its fallbacks, and opens no spool", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const directory = (yield* Path.Path).join(yield* fs.makeTempDirectoryScoped(), "spool")
        let isReleased = false
        const own = Effect.acquireRelease(
          Effect.succeed(
            LogSink.make({ name: "own", spool: { directory, mode: "overflow" }, write: () => Effect.void })
          ),
          () => Effect.sync(() => (isReleased = true))
        )
        const log = Logging.layer({ sinks: [LogSink.withFallback(own, MemorySink.make()), ConsoleSink.make()] })
        const names = yield* Effect.scoped(Effect.map(sinksOf(log, "log.js"), (sinks) => {
          assert.isFalse(isReleased)
          return sinks.map(({ name }) => name)
        }))
        assert.deepStrictEqual(names, ["own", "memory", "console"])
        assert.isTrue(isReleased)
        assert.isFalse(yield* fs.exists(directory))
      }))

    it.effect("says what is wrong with a layer", () =>
      Effect.gen(function*() {
        const faultOf = (log: Parameters<typeof sinksOf>[0]) => Effect.scoped(Effect.flip(sinksOf(log, "log.js")))
        const none = yield* faultOf(Layer.empty)
        assert.strictEqual(none.exitCode, 2)
        assert.include(none.message, "the layer of \"log.js\" makes no log; export that of Logging.layer")
        const empty = yield* faultOf(Logging.layer({ sinks: [], diagnostics: () => {} }))
        assert.deepStrictEqual([empty.exitCode, empty.message], [2, "the log of \"log.js\" has no sinks; give it one"])
        const required = yield* faultOf(
          Logging.layer({ sinks: [FileSink.make({ path: "/dev/null/app.log", required: true })] })
        )
        assert.strictEqual(required.exitCode, 1)
        assert.match(
          required.message,
          /the log of "log\.js" cannot be built: cannot open .* \(ENOTDIR\); mend that first$/
        )
        const bad = yield* faultOf(
          Layer.provide(Logging.layerFromConfig(), environment({ LOGGING_QUEUE_SIZE: "0" }))
        )
        assert.strictEqual(bad.exitCode, 2)
        assert.include(bad.message, "LOGGING_QUEUE_SIZE: expected")
      }))

    it.effect("says what is wrong with a module", () =>
      Effect.gen(function*() {
        const faultOf = (text: string) => Effect.flatMap(file("log.mjs", text), (path) => Effect.flip(layerIn(path)))
        const faults = yield* Effect.forEach([
          "export const log = 1",
          "export default 5",
          "export const sinks = 'hunter2'",
          "export const sinks = []",
          "throw new RangeError('no https://u:hunter2@there')"
        ], faultOf)
        const expected = [
          /log\.mjs" exports none of default, LoggingLive, sinks; export the layer of the log, or its sinks$/,
          /^default of .*log\.mjs" must be the layer of the log, or an array .*, got 5; mend what is exported$/,
          /^sinks of .*, got a text; mend/,
          /^sinks of .*, got an empty array; mend/,
          /log\.mjs" cannot be loaded: RangeError: no https:\/\/[^h]*there; mend it$/
        ]
        faults.forEach(({ exitCode, message }, i) => {
          assert.strictEqual(exitCode, 2)
          assert.match(message, expected[i]!)
        })
      }))

    it.effect("takes an array of sinks, and looks past what is none", () =>
      Effect.gen(function*() {
        const own = `{ "~effect-spillway/LogSink": "~effect-spillway/LogSink", name: "own", options: {} }`
        const layer = yield* layerIn(yield* file("log.mjs", `export const sinks = [${own}]; export default "none"`))
        const [sink] = yield* sinksOf(layer, "log.mjs")
        assert.strictEqual(sink?.name, "own")
      }))

    it.effect("has the sinks of the environment where no module is named", () =>
      Effect.gen(function*() {
        const namesWith = (env: Record<string, string>) =>
          Effect.scoped(Effect.map(
            sinksOf(Layer.provide(configured, environment(env)), undefined),
            (sinks) => sinks.map(({ name }) => name)
          ))
        const folder = yield* (yield* FileSystem.FileSystem).makeTempDirectoryScoped()
        assert.deepStrictEqual(yield* namesWith({ OTEL_EXPORTER_OTLP_ENDPOINT: "" }), ["console"])
        assert.deepStrictEqual(
          yield* namesWith({
            LOGGING_FILE: `${folder}/app.log`,
            OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: "http://127.0.0.1:1"
          }),
          ["console", "file", "otlp"]
        )
      }))

    it.effect("as a program: ends with 0 when all is well, with 1 when a sink fails, with 2 when there is no module", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const far = yield* collector({ contentType: "application/x-ndjson" })
        far.next(refused(401))
        const env = {
          LOGGING_FILE: `${yield* fs.makeTempDirectoryScoped()}/app.log`,
          LOGS_URL: far.url.replace("://", `://reader:${secrets.password}@`),
          LOGS_AUTHORIZATION: secrets.token
        }
        const doctor = (...args: ReadonlyArray<string>) => run("src/cli/bin.ts", ["doctor", ...args], { env })
        const failed = yield* doctor(fixture("doctorSinks"))
        assert.strictEqual(failed.code, 1)
        assert.match(
          failed.stdout,
          /^file\n {2}endpoint .*app\.log\n {2}answer {4}delivered [^]*\nhttp\n.*\n {2}answer {4}401, failed/
        )
        assert.include(failed.stderr, "1 of 3 sinks failed: http")
        const [well, missing] = yield* Effect.all([doctor(fixture("doctorSinks")), doctor("nothing.js")], {
          concurrency: 2
        })
        assert.deepStrictEqual([well.code, well.stderr], [0, ""])
        assert.deepStrictEqual([missing.code, missing.stderr.includes("nothing.js")], [2, true])
        for (const { stderr, stdout } of [failed, well]) {
          assert.notMatch(stdout + stderr, /password-of|token-of/)
        }
        assert.strictEqual(far.received.length, 2)
      }))
  }
)
