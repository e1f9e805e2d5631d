import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, FileSystem, Layer, Schedule } from "effect"
import {
  ConsoleSink,
  FileSink,
  Ledger,
  LogEncoder,
  Logging,
  LoggingConfig,
  LogRecord,
  LogRedactor,
  LogSink,
  MemorySink,
  ProcessHooks,
  ScriptedSink,
  TestLogging
} from "../../src/index.ts"
import * as DeepLogSink from "../../src/LogSink.ts"

/** Uses the public surface as a program that has installed the library does. */
const file = "consumer.ndjson"
const memory = MemorySink.make({ limit: 10, name: "recent", capacity: undefined }).pipe(
  LogSink.withMinimumLevel("Warn")
)
const scripted = ScriptedSink.make({ script: [ScriptedSink.unavailable], retry: Schedule.recurs(1) })
const own = DeepLogSink.make({
  name: "own",
  capacity: 100,
  strategy: "sliding",
  write: (batch) => batch.every(LogRecord.isLogRecord) ? Effect.void : Effect.fail(DeepLogSink.rejected("not a record"))
})

const report: Array<Logging.ShutdownReport> = []

const LoggingLive = Logging.layer({
  sinks: [
    ConsoleSink.make({ stream: "stderr", format: "logfmt" }).pipe(LogSink.withMinimumLevel("Fatal")),
    FileSink.make({ path: file, required: true }),
    memory,
    scripted,
    own.pipe(LogSink.filter((record) => record.level !== "Trace"))
  ],
  minimumLevel: "Debug",
  shutdownTimeout: "2 seconds",
  redact: { keys: ["pet"], isSensitive: LogRedactor.make().isSensitive },
  diagnostics: () => {},
  onShutdown: (final) => Effect.sync(() => report.push(final))
})

const program = Effect.gen(function*() {
  const logging = yield* Logging.Logging
  yield* Effect.logWarning("disk nearly full").pipe(Effect.annotateLogs({ pet: "cat" }))
  logging.logger.with({ component: "consumer" }).info("direct")
  yield* logging.flush
  return yield* logging.stats
}).pipe(Effect.provide(ProcessHooks.layer.pipe(Layer.provideMerge(LoggingLive))))

const tested = Effect.gen(function*() {
  yield* Effect.logInfo("in a test")
  const logged = yield* TestLogging.TestLogging
  return yield* logged.lines(LogEncoder.logfmt())
}).pipe(Effect.provide(Logging.layerTest()))

const configured = Effect.as(Logging.Logging, LoggingConfig.variables.length).pipe(
  Effect.provide(Logging.layerFromConfig({ sinks: [MemorySink.make()] }))
)

Effect.gen(function*() {
  const { healthy, lanes } = yield* program
  const fs = yield* FileSystem.FileSystem
  const lines = (yield* fs.readFileString(file)).trimEnd().split("\n")
  const variables = yield* configured
  const [line] = yield* tested
  const [final] = report
  const sound = healthy && lines.length === 2 && !lines.join().includes("cat") && memory.records.length === 1 &&
    scripted.delivered.length === 2 && lanes["own"]?.delivered === 2 && variables > 0 &&
    line?.includes("in a test") === true && final?.balanced === true && Ledger.lost(final) === 0
  yield* Console.log(final === undefined ? "no report" : Ledger.format(final))
  if (!sound) return yield* Effect.die(new Error("the library does not do what it should"))
}).pipe(
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
