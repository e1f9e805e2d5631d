/**
 * Runs one workload and prints its counts. Everything that a machine could change is taken out: time goes by turns of
 * the event loop, the file has no disk, the engine compiles nothing, and collects nothing while it is counted what is
 * allocated, so that each allocation of the code counts, in each call.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import { writeSync } from "node:fs"
import { setImmediate as nextTurn } from "node:timers/promises"
import { lost } from "../../src/Ledger.ts"
import * as Logging from "../../src/Logging.ts"
import type { LogSink } from "../../src/LogSink.ts"
import * as FileSink from "../../src/sinks/FileSink.ts"
import { CountedFile } from "./CountedFile.ts"
import { TurnClock } from "./TurnClock.ts"
import { placeErrors, watchCollections, watchCopies, watchMicrotasks } from "./watched.ts"
import { workloads } from "./workloads.ts"

const [name = ""] = process.argv.slice(2)
const workload = workloads[name]
if (workload === undefined) throw new Error(`there is no workload ${JSON.stringify(name)}`)

const { events, log, millisPerTurn } = workload

placeErrors()
const collections = watchCollections()
const clock = new TurnClock(millisPerTurn)
clock.run()

const timed = <A>(effect: Effect.Effect<A>): Promise<A> =>
  Effect.runPromise(Effect.provideService(effect, Clock.Clock, clock))

/** The bytes that half of the events allocate, each, once the other half has been logged. */
const allocatedBy = async (half: Effect.Effect<void>): Promise<number> => {
  await timed(half)
  globalThis.gc?.()
  await nextTurn()
  const collected = collections()
  const before = process.memoryUsage().heapUsed
  await timed(half)
  const allocated = process.memoryUsage().heapUsed - before
  await nextTurn()
  if (collections() > collected) throw new Error("garbage was collected while allocations were counted")
  return allocated / (events / 2)
}

const half = log(events / 2)
const silent = Logger.layer([Logger.make(() => {})])
const allocatedBySilent = await allocatedBy(Effect.provide(half, silent))

const file = new CountedFile()
let batches = 0
const sink = Effect.map(Effect.orDie(FileSink.makeIn(file.files, { path: "/app.log", required: true })), (sink) => ({
  ...sink,
  write(...[batch, acknowledge]: Parameters<LogSink["write"]>) {
    batches++
    return sink.write(batch, acknowledge)
  }
}))
const copied = watchCopies()
const microtasks = watchMicrotasks()
const woken = clock.woken

const scope = Scope.makeUnsafe()
const context = await timed(Layer.buildWithScope(Logging.layer({ sinks: [sink] }), scope))
const logging = Context.get(context, Logging.Logging)
const allocated = await allocatedBy(Effect.andThen(Effect.provideContext(half, context), logging.flush))
const report = await timed(logging.shutdown)
await timed(Scope.close(scope, Exit.void))
if (lost(report) > 0) throw new Error(`${lost(report)} events were lost`)

const perEvent = (count: number): number => Math.round(count / events)
const perTenThousand = (count: number): number => Math.round(1e5 * count / events) / 10

const counts = {
  "bytes allocated per event": Math.round(allocated - allocatedBySilent),
  "bytes copied per event": perEvent(copied()),
  "bytes written per event": perEvent(file.bytes),
  "wake-ups per 10,000 events": perTenThousand(microtasks() + clock.woken - woken),
  "batches per 10,000 events": perTenThousand(batches),
  "system calls per 10,000 events": perTenThousand(file.calls)
}
writeSync(1, `${JSON.stringify(counts)}\n`)
process.exit(0)
