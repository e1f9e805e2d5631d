import { assert, describe, it } from "@effect/vitest"
import { Cause, Config, Effect, Exit, Option, Random } from "effect"
import { history } from "./histories/history.ts"

const histories = 1000
const seeds = 1_000_000

/** The command that runs one history alone, in the report of its failure. */
const named = (seed: number, failure: string): string =>
  `replay: MODEL_SEED=${seed} npx vitest run --dir test runtime/histories\n${failure}`

const textOf = (cause: Cause.Cause<unknown>): string => String(Cause.squash(cause))

describe("a runtime that is changed while it runs", () => {
  it.effect(
    `${histories} random histories leave each record with the lanes and the watchers that should have it, once, in order`,
    () =>
      Effect.gen(function*() {
        const one = yield* Config.option(Config.Int("MODEL_SEED"))
        const start = Option.isSome(one) ? one.value : yield* Random.nextIntBetween(0, seeds)
        const count = Option.isSome(one) ? 1 : histories
        const counts = new Map<string, number>()
        for (let seed = start; seed < start + count; seed++) {
          const exit = yield* Effect.exit(history(seed))
          if (Exit.isFailure(exit)) assert.fail(named(seed, textOf(exit.cause)))
          for (const [what, n] of Object.entries(exit.value)) counts.set(what, (counts.get(what) ?? 0) + n)
        }
        for (const [what, n] of counts) if (count > 1) assert.isAbove(n, count / 2, `there were ${n} ${what}`)
      }),
    120_000
  )
})
