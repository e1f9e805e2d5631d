/**
 * Looks for what is wrong for as long as it is told to: random sequences of faults
 * against the model of a lane, and a program that is killed again and again.
 *
 *     npm run soak -- --minutes 30
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect, Random, Schema } from "effect"
import { CliError, Command, Flag } from "effect/cli"
import { minutesOf, soak } from "./soak.ts"

const parameters = {
  minutes: Flag.Finite("minutes").pipe(
    Flag.withSchema(Schema.Finite.check(Schema.isGreaterThan(0, { message: "Expected a number above 0" }))),
    Flag.withDescription("How long it goes on; longer when 200 kills take longer"),
    Flag.withDefault(1)
  )
}

const run = Effect.fnUntraced(function*({ minutes }: { readonly minutes: number }) {
  const first = yield* Random.nextIntBetween(0, 2 ** 31)
  yield* Console.log(`seeds from ${first} on`)
  const failure = yield* soak(first, minutesOf(minutes))
  if (failure !== undefined) return yield* new CliError.UserError({ cause: failure, userMessage: failure })
})

Command.make("soak", parameters, run).pipe(
  Command.withDescription("Search for sequences of faults that lose, reorder or miscount records"),
  Command.run({ version: "0.1.0" }),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
