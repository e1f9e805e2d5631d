import * as Effect from "effect/Effect"
import { onPrint } from "../../node/onPrint.ts"
import type { BodyFor, Named } from "./body.ts"
import type { Answers } from "./contract.ts"
import { broken, shortly } from "./verdict.ts"

/** What a sink says by itself. */
export const printing = <Far, R>(answers: Answers<Far>): ReadonlyArray<Named<Far, R>> => [
  ["self-logging", "a sink prints nothing beside its destination", printsNothing(answers)]
]

const printsNothing = <Far, R>({ unavailable }: Answers<Far>): BodyFor<Far, R> => (trial) =>
  Effect.gen(function*() {
    const printed: Array<string> = []
    yield* Effect.acquireUseRelease(
      Effect.sync(() => onPrint((text) => printed.push(text))),
      () =>
        Effect.gen(function*() {
          yield* trial.storedWrite(trial.samples(3), "self-logging", "a write")
          if (unavailable !== undefined) {
            yield* unavailable(trial.far)
            yield* trial.write(trial.samples(2, 3))
          }
          yield* trial.close
        }),
      (stop) => Effect.sync(stop)
    )
    const stored = new Set((yield* trial.storedBytes).flatMap((bytes) => bytes.split("\n")))
    const line = printed.flatMap((text) => text.split("\n")).find((line) => line !== "" && !stored.has(line))
    if (line === undefined) return
    yield* trial.keepsQuiet(line, "what a sink prints")
    return yield* broken("self-logging", `a sink must print nothing beside what it stores, got ${shortly(line)}`)
  })
