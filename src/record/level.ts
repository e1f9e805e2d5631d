import type { Severity } from "effect/LogLevel"

export type Level = Severity

export const levels: ReadonlyArray<Level> = ["Trace", "Debug", "Info", "Warn", "Error", "Fatal"]

/** The lowest of some levels. */
export const lowestOf = <A extends Level | "All" | "None">(some: ReadonlyArray<A>): A =>
  some.reduce((a, b) => severityOf(b) < severityOf(a) ? b : a)

/** How severe a level is: its place among {@link levels}; 6 for `"None"`, which is above all. */
export const severityOf = (level: Level | "All" | "None"): number => {
  switch (level) {
    case "Info":
      return 2
    case "Debug":
      return 1
    case "Warn":
      return 3
    case "Error":
      return 4
    case "Fatal":
      return 5
    case "Trace":
    case "All":
      return 0
    case "None":
      return 6
  }
}

/** The levels as most services name them. */
export const lowerCase: { readonly [K in Level]: Lowercase<K> } = {
  Trace: "trace",
  Debug: "debug",
  Info: "info",
  Warn: "warn",
  Error: "error",
  Fatal: "fatal"
}
