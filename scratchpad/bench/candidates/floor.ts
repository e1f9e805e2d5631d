/**
 * The floor: Effect's own cost of a log call with a logger that does nothing,
 * and the cost of writing as many encoded bytes, batch by batch, asynchronously.
 */
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as fs from "node:fs"
import * as LogEncoder from "../../../src/LogEncoder.ts"
import * as LogRecord from "../../../src/LogRecord.ts"
import { body, firstAnnotations, firstText, type WorkloadName } from "../workload.ts"
import { type Candidate, fileJob } from "./candidate.ts"
import { openLayer } from "./effect.ts"

/** That of the file sink. */
const batchSize = 4096

/** The line our own encoder writes for an event. */
const lineOf = (workload: WorkloadName): Buffer => {
  const text = firstText(workload)
  const record = LogRecord.make({
    message: workload === "O" ? [text, body(0)] : text,
    annotations: firstAnnotations(workload),
    time: Date.now(),
    fiberId: 1
  })
  return Buffer.from(LogEncoder.json().encode(record) + "\n")
}

const floor: Candidate = {
  async open(setup) {
    const { path, workload } = setup
    const fd = fs.openSync(path, "a")
    const line = lineOf(workload)
    const batch = Buffer.concat(Array.from({ length: batchSize }, () => line))
    let logged = 0
    let written = 0
    let writing = false
    let emptied: (() => void) | undefined

    const pump = (): void => {
      const waiting = logged - written
      if (writing || (waiting < batchSize && (emptied === undefined || waiting === 0))) {
        if (!writing) emptied?.()
        return
      }
      const count = Math.min(batchSize, waiting)
      writing = true
      fs.write(fd, batch, 0, count * line.length, (error, bytes) => {
        if (error !== null || bytes !== count * line.length) throw new Error("the floor cannot write its file")
        written += count
        writing = false
        pump()
      })
    }
    const logger = Logger.make(() => {
      if (++logged % batchSize === 0) pump()
    })
    const session = await openLayer(Logger.layer([logger]), setup, Effect.succeed(0))
    return {
      async log(events) {
        await session.log(events)
        await new Promise<void>((resolve) => {
          emptied = resolve
          pump()
        })
        emptied = undefined
      },
      async close() {
        await session.close()
        fs.closeSync(fd)
        return 0
      }
    }
  }
}

export default fileJob(floor)
