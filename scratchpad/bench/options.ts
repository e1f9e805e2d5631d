/** The command line. */
import { parseArgs } from "node:util"

export interface Options {
  readonly quick: boolean
  readonly rounds: number
  readonly scenarioRounds: number
  readonly events: number
  readonly yieldEvery: number
  readonly adaptive: boolean
  readonly only: string | undefined
  readonly json: string | undefined
  readonly svg: string | undefined
  readonly compare: string | undefined
  readonly profile: boolean
  readonly folder: string | undefined
}

export const usage = `npm run bench -- [options]

  --quick           fewer and shorter rounds: under a minute, for daily use
  --rounds N        rounds of every candidate (7; quick 2)
  --events N        events of one run on a file (1000000; quick 60000)
  --yield N         give the event loop a turn every N events, for every candidate called
                    through Effect; 0, the default, leaves it to Effect
  --adaptive        do not tell the engine about its heap beforehand (see README.md beside this)
  --only WORD       only what has WORD in its key, like S., O.pino or memory, or what WORD is the key of
                    (or several: S.floor,S.spillway)
  --json FILE       write every figure as JSON
  --svg FILE        draw the picture
  --compare FILE    list what is more than 15 % worse than in an earlier JSON file
  --profile         leave a CPU profile of each workload, print its functions, measure nothing
  --folder DIR      where the log files and the profiles go (a new folder of the system's)
`

export const positive = (name: string, text: string | undefined, otherwise: number, least: number): number => {
  if (text === undefined) return otherwise
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`--${name} must be a whole number of at least ${least}, got ${text}`)
  }
  return value
}

export const parseOptions = (args: ReadonlyArray<string>): Options | "help" => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      events: { type: "string" },
      yield: { type: "string" },
      adaptive: { type: "boolean", default: false },
      only: { type: "string" },
      json: { type: "string" },
      svg: { type: "string" },
      compare: { type: "string" },
      profile: { type: "boolean", default: false },
      folder: { type: "string" },
      help: { type: "boolean", short: "h", default: false }
    }
  })
  if (values.help) return "help"
  const { quick } = values
  const rounds = positive("rounds", values.rounds, quick ? 2 : 7, 1)
  return {
    quick,
    rounds,
    scenarioRounds: quick ? 1 : rounds,
    events: positive("events", values.events, quick ? 60_000 : 1_000_000, 1000),
    yieldEvery: positive("yield", values.yield, 0, 0),
    adaptive: values.adaptive,
    only: values.only,
    json: values.json,
    svg: values.svg,
    compare: values.compare,
    profile: values.profile,
    folder: values.folder
  }
}
