import type { Diagnostics } from "../diagnostics/Diagnostics.ts"
import { SaidOnce } from "../diagnostics/SaidOnce.ts"
import * as LogLevels from "../LogLevels.ts"
import { demandStack } from "../node/demandStack.ts"
import type { Bound } from "../options/level.ts"
import { lowestOf, severityOf } from "../record/level.ts"
import type { Followed } from "./Rules.ts"

/**
 * The place where the levels of a runtime are set, by whomever. What is no levels at all
 * is not followed, and what cannot be followed is said, each once.
 */
export class LiveLevels {
  readonly place: { readonly value: unknown }
  /** The last that were levels. */
  good: LogLevels.Levels
  private readonly inherited: Bound
  private readonly lowest: Bound
  private readonly diagnostics: Diagnostics
  /** What is none, and what is wrong with it as long as nobody was told. */
  private refused: unknown = undefined
  private wrong: string | undefined = undefined
  private saidLowest = false
  private readonly saidLanes = new SaidOnce()

  constructor(options: {
    readonly place: { readonly value: LogLevels.Levels }
    readonly inherited: Bound
    readonly lowest: Bound
    readonly diagnostics: Diagnostics
  }) {
    this.place = options.place
    this.good = options.place.value
    this.inherited = options.inherited
    this.lowest = options.lowest
    this.diagnostics = options.diagnostics
  }

  /** What is to be followed now. Throws where the stack has no room to look at it: it may be right. */
  read(): Followed {
    const seen = this.place.value
    demandStack()
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is looked at whole, and refused when it is none
      this.good = LogLevels.make(seen as LogLevels.Levels)
    } catch (error) {
      if (seen !== this.refused) this.wrong = error instanceof Error ? error.message : String(error)
      this.refused = seen
    }
    return { seen, levels: LogLevels.current(this.good), inherited: this.inherited, lowest: this.lowest }
  }

  /** Whether something was read, and is not followed. */
  refuses(value: unknown): boolean {
    return value !== undefined && value === this.refused
  }

  /** Says what is wrong with what was read. Whoever takes the words may log. */
  tell(lanes: ReadonlyArray<string>): void {
    const { wrong } = this
    if (wrong !== undefined) {
      this.wrong = undefined
      return this.diagnostics.report("levels", `what was set is not followed: ${wrong}; the levels before it stay`)
    }
    const { level, lanes: ofLanes, scopes } = LogLevels.current(this.good)
    const lowest = lowestOf([level, ...Object.values(scopes), ...Object.values(ofLanes)])
    if (!this.saidLowest && severityOf(lowest) < severityOf(this.lowest)) {
      this.saidLowest = true
      this.diagnostics.announce(
        `the level ${lowest} was set, but Effect.log* stays at ${this.lowest}, the lowest that may be set in this ` +
          `program: set lowestLevel of the layer to ${lowest}`
      )
    }
    const missing = this.saidLanes.fresh(Object.keys(ofLanes).filter((name) => !lanes.includes(name)))
    if (missing.length === 0) return
    this.diagnostics.report(
      "levels",
      `there is no lane ${missing.map((name) => JSON.stringify(name)).join(", ")} to have a level, only ` +
        `${lanes.map((name) => JSON.stringify(name)).join(", ")}; it holds for a lane of that name, when one comes`
    )
  }
}
