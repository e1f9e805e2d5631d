import type { LogRecord } from "../../src/LogRecord.ts"
import { uidOf } from "../../src/record/identity.ts"

/** What is known of a record that nobody has logged: no number is it. */
const nobody = -1

/**
 * The numbers that the model gives to records, by their uids. Each process counts
 * its own records, as a runtime does: nothing but its uid tells a record from one
 * of an earlier process.
 */
export class Names {
  private readonly numbers = new Map<string, number>()

  add(runtimeId: string, seq: number, number: number): void {
    this.numbers.set(uidOf(runtimeId, seq), number)
  }

  of(uid: string): number {
    return this.numbers.get(uid) ?? nobody
  }

  readonly ofRecords = (records: ReadonlyArray<LogRecord>): ReadonlyArray<number> =>
    records.map(({ uid }) => this.of(uid))
}
