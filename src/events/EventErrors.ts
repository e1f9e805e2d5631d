import * as Cause from "effect/Cause"
import { type Level, severityOf } from "../record/level.ts"
import { newArray } from "../record/plainData.ts"
import type { Outcome } from "./outcome.ts"
import { errorOf, isSaid } from "./said.ts"

type Reason = Cause.Reason<unknown>

/** So many errors of one event are its record's. */
const most = 10

/**
 * The errors that were reported inside of one event. The same one is reported by each boundary that it passes; one that
 * an event inside has said is said again only where it made this one fail.
 */
export class EventErrors {
  private readonly reasons: Array<Reason> = newArray()
  private readonly saidInside: Array<Reason> = newArray()
  /** The worst of the severities that errors said themselves. */
  severity: Level | undefined = undefined
  private last: unknown = undefined
  private lastUnsaid: unknown = undefined

  /** Notes one, with the severity that it says itself. Gives whether it is noted. */
  add(reason: Reason, severity: Level | undefined): boolean {
    const isInside = isSaid(undefined, reason)
    const noted = isInside ? this.saidInside : this.reasons
    if (!has(noted, reason)) {
      if (noted.length === most) return false
      noted.push(reason)
    }
    this.last = errorOf(reason)
    if (!isInside) this.lastUnsaid = this.last
    if (severity !== undefined && (this.severity === undefined || severityOf(severity) > severityOf(this.severity))) {
      this.severity = severity
    }
    return true
  }

  /** Notes an error that is no part of the record. */
  pass(error: unknown): void {
    this.last = error
    this.lastUnsaid = error
  }

  /** The error that was reported last, as far as a record of this outcome has it. */
  lastFor(outcome: Outcome): unknown {
    return outcome === "success" ? this.lastUnsaid : this.last
  }

  /** The cause of the record: how the event ended, and before it what was reported and is not part of that. */
  with(ending: Cause.Cause<unknown>, outcome: Outcome): Cause.Cause<unknown> {
    const reasons = outcome === "success" ? this.reasons : [...this.saidInside, ...this.reasons]
    const others = reasons.filter((reason) => !has(ending.reasons, reason))
    return others.length === 0 ? ending : Cause.fromReasons([...others, ...ending.reasons])
  }
}

const has = (reasons: ReadonlyArray<Reason>, wanted: Reason): boolean =>
  reasons.some((reason) => reason === wanted || (reason._tag === wanted._tag && errorOf(reason) === errorOf(wanted)))
