/** LogTape with JSON lines: its file sink as it comes, the same without blocking, and its stream sink. */
import { getFileSink, getStreamFileSink } from "@logtape/file"
import { configure, dispose, getLogger, jsonLinesFormatter } from "@logtape/logtape"
import type { Job } from "../job.ts"
import { boundLog, plainLoop } from "../workload.ts"
import { fileJob } from "./candidate.ts"

type Kind = "file" | "nonBlocking" | "stream"

const eventsPerTurn = 1000

const sinkOf = (kind: Kind, path: string) => {
  switch (kind) {
    case "file":
      return getFileSink(path, { formatter: jsonLinesFormatter })
    case "nonBlocking":
      return getFileSink(path, { formatter: jsonLinesFormatter, nonBlocking: true })
    case "stream":
      return getStreamFileSink(path, { formatter: jsonLinesFormatter })
  }
}

export const logtapeJob = (kind: Kind): Job =>
  fileJob({
    async open({ path, workload }) {
      const sink = sinkOf(kind, path)
      await configure({
        reset: true,
        sinks: { file: sink },
        loggers: [
          { category: "bench", lowestLevel: "info", sinks: ["file"] },
          { category: ["logtape", "meta"], lowestLevel: "fatal", sinks: [] }
        ]
      })
      const log = boundLog(workload, (annotations) => getLogger("bench").with(annotations), {
        text: (logger, text) => logger.info(text),
        textAndBody: (logger, text, body) => logger.info(text, body)
      })
      return {
        log: (events) => plainLoop(log, events, kind === "file" ? 0 : eventsPerTurn),
        async close() {
          await dispose()
          return 0
        }
      }
    }
  })
