/**
 * Has every destination over HTTP away for three minutes, under load, in both modes of a spool, with a restart of the
 * program in the middle.
 *
 *     npm run outage -- --seconds 180
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Duration, Effect, Schema } from "effect"
import { CliError, Command, Flag } from "effect/cli"
import { destinations } from "../test/process/destinations.ts"
import { outage, show } from "../test/process/outages.ts"

const parameters = {
  seconds: Flag.Finite("seconds").pipe(
    Flag.withSchema(Schema.Finite.check(Schema.isGreaterThan(0, { message: "Expected a number above 0" }))),
    Flag.withDescription("How long each destination is away"),
    Flag.withDefault(180)
  )
}

const modes = ["overflow", "always"] as const
const rate = 1000

const all = Object.keys(destinations).flatMap((destination) => modes.map((mode) => ({ destination, mode })))

const run = Effect.fnUntraced(function*({ seconds }: { readonly seconds: number }) {
  const outcomes = yield* Effect.forEach(
    all,
    (each) => Effect.map(outage({ ...each, lasts: Duration.seconds(seconds), rate }), (outcome) => ({ each, outcome })),
    { concurrency: "unbounded" }
  )
  for (const { each: { destination, mode }, outcome } of outcomes) {
    yield* Console.log(`${destination}, ${mode}: ${show(outcome)}`)
  }
  const failed = outcomes.filter(({ outcome }) => outcome.missing.length + outcome.wrong.length > 0)
  if (failed.length > 0) {
    const userMessage = `${failed.length} of ${all.length} outages lost records, or doubled them without a word`
    return yield* new CliError.UserError({ cause: userMessage, userMessage })
  }
})

Command.make("outage", parameters, run).pipe(
  Command.withDescription("Take every destination over HTTP away, with a restart in the middle"),
  Command.run({ version: "0.1.0" }),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain
)
