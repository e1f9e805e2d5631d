/** Whether what arrived is what was logged: every event once, with all of its values. */
import { annotations, body, firstText, numberIn, type WorkloadName } from "../workload.ts"
import { leavesOf } from "./plain.ts"

export interface Expected {
  readonly workload: WorkloadName
  readonly events: number
}

export interface Verdict {
  readonly missing: number
  readonly doubled: number
  /** Records that are none of the events. */
  readonly wrong: number
  /** One of them. */
  readonly example: string | undefined
}

/** By what events of a workload are told apart, as numbers from 0 to `kinds - 1`; `undefined` for none of them. */
interface Numbering {
  readonly kinds: number
  readonly kindOf: (leaves: ReadonlyArray<readonly [path: string, value: unknown]>) => number | undefined
}

/** `user.id` of an event of workload O begins anew after so many. */
const users = 1024

const numberingOf = ({ events, workload }: Expected): Numbering => {
  switch (workload) {
    case "T":
      return {
        kinds: events,
        kindOf: (leaves) => leaves.map(([, value]) => numberIn(value)).find((number) => number !== undefined)
      }
    case "O":
      return {
        kinds: Math.min(users, events),
        kindOf: (leaves) =>
          leaves.map(([path, value]) => path.endsWith("user.id") ? Number(value) : undefined).find(isNumber)
      }
    default:
      return { kinds: 1, kindOf: () => 0 }
  }
}

const isNumber = (u: unknown): u is number => typeof u === "number"

/** What every event of a workload has. */
const sharedValues = (workload: WorkloadName): ReadonlyArray<unknown> => {
  const values: Array<unknown> = Object.values(annotations)
  if (workload !== "T") values.push(firstText(workload))
  if (workload === "O") values.push(body(0).path, body(0).user.name)
  return values
}

export const judge = (records: ReadonlyArray<unknown>, expected: Expected): Verdict => {
  const { kindOf, kinds } = numberingOf(expected)
  const shared = sharedValues(expected.workload)
  const seen = new Uint32Array(kinds)
  let wrong = 0
  let example: string | undefined
  for (const record of records) {
    const leaves = leavesOf(record)
    const kind = kindOf(leaves)
    if (kind !== undefined && kind in seen && shared.every((wanted) => leaves.some(([, value]) => value === wanted))) {
      seen[kind] = seen[kind]! + 1
    } else {
      wrong++
      example ??= JSON.stringify(record)
    }
  }
  let missing = 0
  let doubled = 0
  for (let kind = 0; kind < kinds; kind++) {
    const wanted = Math.ceil((expected.events - kind) / kinds)
    const more = seen[kind]! - wanted
    if (more > 0) doubled += more
    else missing -= more
  }
  return { missing, doubled, wrong, example }
}
