import * as Effect from "effect/Effect"
import { describeError } from "../../diagnostics/describe.ts"
import { SinkError } from "../../LogSink.ts"
import type { Body, BodyFor, Named } from "./body.ts"
import type { Options } from "./contract.ts"
import { broken, same, sameSet } from "./verdict.ts"

/** The end of a process, and what the next one does. */
export const ending = <Far, R>({ answers, directory }: Options<Far, R>): ReadonlyArray<Named<Far, R>> => {
  const cases: Array<Named<Far, R>> = [
    ["synchronous writes", "a synchronous write stores what a write does", writesAlike]
  ]
  const unavailable = answers?.unavailable
  if (unavailable !== undefined) {
    cases.push(["synchronous writes", "a synchronous write that fails says what is stored", failsHonestly(unavailable)])
  }
  if (directory !== undefined) {
    cases.push(["restart", "what waits on a spool has the same identity after a restart", survivesRestart(directory)])
  }
  return cases
}

const writesAlike: Body = (trial) =>
  Effect.gen(function*() {
    const { writeSync } = trial.sink
    if (writeSync === undefined) return
    const other = yield* trial.another
    const batches = [trial.samples(4), trial.samples(1, 4)]
    for (const batch of batches) {
      const error = thrownBy(() => writeSync(batch))
      if (error !== undefined) {
        return yield* broken("synchronous writes", `one must succeed, it threw ${describeError(error)}`)
      }
      yield* other.storedWrite(batch, "synchronous writes", "a write")
    }
    yield* same(
      "synchronous writes",
      "what synchronous writes have stored",
      yield* other.storedBytes,
      yield* trial.storedBytes
    )
  })

const failsHonestly = <Far, R>(script: (far: Far) => Effect.Effect<void>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    const { writeSync } = trial.sink
    if (writeSync === undefined) return
    yield* script(trial.far)
    const batch = trial.samples(4)
    const error = thrownBy(() => writeSync(batch))
    if (error === undefined) return yield* broken("synchronous writes", "one that fails must throw, it returned")
    const claimed = error instanceof SinkError && error.reason._tag === "Unavailable" ? error.reason.stored ?? 0 : 0
    const stored = (yield* trial.stored).length
    if (claimed !== stored) {
      return yield* broken(
        "synchronous writes",
        `one that fails must say how many are stored, ${stored}, it says ${claimed}`
      )
    }
  })

const survivesRestart = <Far, R>(directory: NonNullable<Options<Far, R>["directory"]>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    const spool = { directory: yield* Effect.orDie(directory), mode: "always", maxAge: Infinity } as const
    const records = trial.samples(6)
    // A process whose far end never answers leaves all of it.
    yield* Effect.scoped(Effect.map(trial.lane({ spool }, () => Effect.never), (lane) => trial.offer(lane, records)))
    const [next, straight] = [yield* trial.another, yield* trial.another]
    yield* next.drain(yield* next.lane({ spool }), "restart")
    yield* straight.storedWrite(records, "restart", "a write")
    yield* sameSet("restart", "the identities after a restart", trial.idsOf(records), yield* next.storedIds)
    yield* sameSet("restart", "what is stored after a restart", yield* straight.storedBytes, yield* next.storedBytes)
  })

const thrownBy = (step: () => void): unknown => {
  try {
    step()
    return undefined
  } catch (error) {
    return error
  }
}
