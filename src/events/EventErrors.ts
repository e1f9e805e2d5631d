import * as Cause from "effect/Cause"
import { type Level, severityOf } from "../record/level.ts"
import { newArray } from "../record/plainData.ts"
import { errorOf } from "./said.ts"

type Reason = Cause.Reason<unknown>

/** So many errors of one event are its record's. */
const most = 10

/** The errors that were reported inside of one event. The same one is reported by each boundary that it passes. */
export class EventErrors {
  private readonly reasons: Array<Reason> = newArray()
  /** The worst of the severities that errors said themselves. */
  severity: Level | undefined = undefined
  /** The error that was reported last. */
  last: unknown = undefined

  /** Notes one, with the severity that it says itself. Gives whether it is noted. */
  add(reason: Reason, severity: Level | undefined): boolean {
    if (!has(this.reasons, reason)) {
      if (this.reasons.length === most) return false
      this.reasons.push(reason)
    }
    this.last = errorOf(reason)
    if (severity !== undefined && (this.severity === undefined || severityOf(severity) > severityOf(this.severity))) {
      this.severity = severity
    }
    return true
  }

  /** Notes an error that is no part of the record. */
  pass(error: unknown): void {
    this.last = error
  }

  /** The cause of the record: how the event ended, and before it what was reported and is not part of that. */
  with(ending: Cause.Cause<unknown>): Cause.Cause<unknown> {
    const others = this.reasons.filter((reason) => !has(ending.reasons, reason))
    return others.length === 0 ? ending : Cause.fromReasons([...others, ...ending.reasons])
  }
}

const has = (reasons: ReadonlyArray<Reason>, wanted: Reason): boolean =>
  reasons.some((reason) => reason === wanted || (reason._tag === wanted._tag && errorOf(reason) === errorOf(wanted)))
