import { type Arrival, type Ending, sayArrival, sayEnding } from "../../access/accessFields.ts"
import type { AccessRules } from "../../access/AccessRules.ts"
import * as names from "../../access/names.ts"
import type { EventOptions } from "../../events/eventOptions.ts"
import type { SaidFields } from "../../record/EventMessage.ts"
import type { Level } from "../../record/level.ts"

/**
 * What the record of a request says of it, whatever the program has added: that has the room that is left, and none
 * of these names. It knows nothing of who may add to it, so that a request that is dropped is recorded.
 */
export class RequestFacts implements EventOptions {
  readonly maxFields = 80
  readonly maxBytes = 64 * 1024
  readonly keepLines: number
  /** What has failed so far, for a record that is made before its end. */
  errorType: string | undefined = undefined
  /** The bytes of a connection that was taken over. */
  requestSize: number | undefined = undefined
  responseSize: number | undefined = undefined
  ending: Ending | undefined = undefined
  private readonly rules: AccessRules
  private readonly id: string
  private readonly arrival: Arrival

  constructor(rules: AccessRules, keepLines: number, id: string, arrival: Arrival) {
    this.rules = rules
    this.keepLines = keepLines
    this.id = id
    this.arrival = arrival
  }

  own(said: SaidFields): void {
    said.say(names.requestId, this.id)
    sayArrival(said, this.arrival)
    if (this.ending === undefined) said.say(names.errorType, this.errorType)
    else sayEnding(said, this.ending)
    said.say(names.requestSize, this.requestSize)
    said.say(names.responseSize, this.responseSize)
  }

  /** What shutdown ends first was nobody's to judge. */
  level(): Level {
    return this.ending === undefined ? "Warn" : this.rules.level(this.arrival, this.ending)
  }

  when(): boolean {
    return this.ending === undefined || !this.rules.leavesOut(this.arrival, this.ending)
  }
}
