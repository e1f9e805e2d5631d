/** LogTape with one sink. */
import { configure, getLogger, type Sink } from "@logtape/logtape"
import type { Candidate } from "../candidate.ts"

export const withSink = (open: (path: string) => Sink): Candidate => async (path, act) => {
  await configure({
    sinks: { file: open(path) },
    loggers: [
      { category: "exits", lowestLevel: "info", sinks: ["file"] },
      { category: ["logtape", "meta"], lowestLevel: "fatal", sinks: [] }
    ]
  })
  const logger = getLogger("exits")
  await act((line) => logger.info(line))
}
