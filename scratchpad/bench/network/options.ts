/** The command line. */
import { parseArgs } from "node:util"
import { positive } from "../options.ts"

export interface NetworkOptions {
  readonly quick: boolean
  readonly rounds: number
  readonly events: number
  readonly only: string | undefined
  readonly json: string | undefined
  readonly profile: boolean
  readonly folder: string | undefined
}

export const usage = `npm run bench:network -- [options]

  --quick           one round of few events, to see that nothing is lost: under a minute, no figures to quote
  --rounds N        rounds of every candidate (7; quick 1)
  --events N        events of one run (100000; quick 2000)
  --only WORD       only what has WORD in its key, like otlp., S.spillway or loki.O, or what WORD is the key of
                    (or several: otlp.S.spillway,otlp.S.otel512)
  --json FILE       write every figure as JSON
  --profile         leave a CPU profile of each of ours, print its functions, measure nothing
  --folder DIR      where the profiles go (a new folder of the system's)
`

export const parseNetworkOptions = (args: ReadonlyArray<string>): NetworkOptions | "help" => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: "boolean", default: false },
      rounds: { type: "string" },
      events: { type: "string" },
      only: { type: "string" },
      json: { type: "string" },
      profile: { type: "boolean", default: false },
      folder: { type: "string" },
      help: { type: "boolean", short: "h", default: false }
    }
  })
  if (values.help) return "help"
  const { quick } = values
  return {
    quick,
    rounds: positive("rounds", values.rounds, quick ? 1 : 7, 1),
    events: positive("events", values.events, quick ? 2000 : 100_000, 1000),
    only: values.only,
    json: values.json,
    profile: values.profile,
    folder: values.folder
  }
}
