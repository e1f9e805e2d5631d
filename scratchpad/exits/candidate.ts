/** A program that logs to a file, written as the documentation of its logger recommends, without handlers of its own. */

export type Log = (line: string) => void

/** Opens the logger, lets `act` log and end as it likes, and ends as such a program ends. */
export type Candidate = (path: string, act: (log: Log) => Promise<void>) => Promise<void>

/** The columns of the matrix: the names of the modules in `candidates` and their titles. */
export const candidates = {
  spillway: "Spillway",
  spillwayBare: "Spillway without hooks",
  effectFile: "Effect `Logger.toFile`",
  pino: "pino `sync: true`",
  pinoAsync: "pino `sync: false`",
  winston: "winston File",
  logtapeFile: "LogTape file",
  logtapeStream: "LogTape stream"
} as const

export type CandidateName = keyof typeof candidates

export const candidateNames = Object.keys(candidates).filter((name): name is CandidateName => name in candidates)

export const isCandidateName = (text: string | undefined): text is CandidateName =>
  text !== undefined && Object.hasOwn(candidates, text)
