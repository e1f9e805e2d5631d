/** The suite of sinks, on those of the library. */
import { NodeServices } from "@effect/platform-node"
import { layer } from "@effect/vitest"
import { Deferred, Effect, Exit } from "effect"
import { EventEmitter } from "node:events"
import { readFile } from "node:fs/promises"
import { ConsoleSink, FileSink, LogEncoder, type LogSink, MemorySink, SinkConformance } from "../../src/index.ts"
import * as FaultyFiles from "../support/faultyFiles.ts"
import { replace } from "../support/replace.ts"
import { directory } from "../support/spooledLanes.ts"

const format = LogEncoder.json({ uid: true })

/** Lines of JSON as what is stored. */
const storedIn = (content: string): ReadonlyArray<SinkConformance.Stored> =>
  content.split("\n").slice(0, -1).map((bytes) => ({ id: JSON.parse(bytes).uid, bytes }))

layer(NodeServices.layer)("MemorySink", (it) => {
  const cases = SinkConformance.cases({
    make: Effect.sync(() => {
      const sink = MemorySink.make()
      return { sink, far: sink }
    }),
    stored: ({ records }) =>
      Effect.sync(() => records.map((record) => ({ id: record.uid, bytes: JSON.stringify(record) }))),
    directory
  })
  for (const { name, rule, run } of cases) it.effect(`${rule}: ${name}`, () => run)
})

layer(NodeServices.layer)("FileSink", (it) => {
  const onDisk = SinkConformance.cases({
    make: Effect.gen(function*() {
      const path = `${yield* directory}/app.log`
      return { sink: yield* FileSink.make({ path, format }), far: path }
    }),
    stored: (path) => Effect.orDie(Effect.map(Effect.promise(() => readFile(path, "utf8")), storedIn)),
    directory
  })
  for (const { name, rule, run } of onDisk) it.effect(`${rule}: ${name}`, () => run)

  const onFailingDisk = SinkConformance.cases({
    make: Effect.gen(function*() {
      const far = FaultyFiles.make()
      return { sink: yield* FileSink.makeIn(far.files, { path: "app.log", format }), far }
    }),
    stored: (far) => Effect.sync(() => storedIn(far.content())),
    answers: {
      unavailable: (far) => Effect.sync(() => far.push({ code: "ENOSPC" })),
      misconfigured: (far) => Effect.sync(() => far.push({ code: "EROFS" })),
      headStored: (far) => Effect.sync(() => far.push({ takes: 700 }, { code: "ENOSPC" })),
      silence: (far) =>
        Effect.sync(() => {
          const arrived = Deferred.makeUnsafe<void>()
          // A disk answers at some time, and nobody can call back what it was told.
          const after = Effect.andThen(
            Deferred.succeed(arrived, undefined),
            Effect.repeat(Effect.yieldNow, { times: 10 })
          )
          far.push({ after })
          return Deferred.await(arrived)
        })
    },
    directory
  })
  for (const { name, rule, run } of onFailingDisk) it.effect(`on a failing disk, ${rule}: ${name}`, () => run)
})

type Done = (error?: Error | null) => void

/** What stands in the place of stdout while one sink writes. */
class Stdout extends EventEmitter {
  content = ""
  code: string | undefined = undefined
  isPaused = false
  readonly arrived = Deferred.makeUnsafe<void>()

  write(text: string, done?: Done): boolean {
    const { code, isPaused } = this
    this.code = undefined
    this.isPaused = false
    Deferred.doneUnsafe(this.arrived, Exit.void)
    if (isPaused) return false
    if (code === undefined) this.content += text
    done?.(code === undefined ? null : Object.assign(new Error(code), { code }))
    return true
  }
}

/** A console whose stdout is its own, also beside another. */
const onOwnStdout = (sink: LogSink.LogSink, far: Stdout): LogSink.LogSink => ({
  ...sink,
  write: (batch) => Effect.scoped(Effect.andThen(replace(process, "stdout", far), sink.write(batch))),
  writeSync: (batch) => {
    Effect.runSync(Effect.scoped(Effect.andThen(
      replace(process, "stdout", far),
      Effect.sync(() => sink.writeSync?.(batch))
    )))
  }
})

layer(NodeServices.layer)("ConsoleSink", (it) => {
  const cases = SinkConformance.cases({
    make: Effect.gen(function*() {
      const far = new Stdout()
      return { sink: onOwnStdout(yield* ConsoleSink.make({ format }), far), far }
    }),
    stored: (far) => Effect.sync(() => storedIn(far.content)),
    answers: {
      unavailable: (far) =>
        Effect.sync(() => {
          far.code = "ENOSPC"
        }),
      closed: (far) =>
        Effect.sync(() => {
          far.code = "EPIPE"
        }),
      silence: (far) =>
        Effect.sync(() => {
          far.isPaused = true
          return Deferred.await(far.arrived)
        })
    },
    directory
  })
  for (const { name, rule, run } of cases) it.effect(`${rule}: ${name}`, () => run)
})
