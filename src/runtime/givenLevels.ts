import * as LogLevels from "../LogLevels.ts"
import type { Bound, BoundInput } from "../options/level.ts"

/** What is said of levels before the program runs. */
export interface GivenLevels {
  /** The lowest that is logged; the program's own when there is none. */
  readonly minimumLevel?: BoundInput | undefined
  readonly scopes?: Readonly<Record<string, BoundInput>> | undefined
  readonly lanes?: Readonly<Record<string, BoundInput>> | undefined
}

/** The levels for good that are given for a program of this level. */
export const levelsFrom = ({ lanes, minimumLevel, scopes }: GivenLevels, program: Bound): LogLevels.Levels =>
  LogLevels.make({ level: minimumLevel ?? program, scopes, lanes })
