import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Data, Effect, Layer, Runtime } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import * as CommandLog from "../src/CommandLog.ts"
import { Logging, WideEvent } from "../src/index.ts"
import { accesses } from "./support/access.ts"

class Missing extends Data.TaggedError("Missing") {
  override readonly [Runtime.errorExitCode] = 3
}

const imports = Command.make(
  "import",
  {
    file: Argument.String("file"),
    apiKey: Flag.Redacted("api-key"),
    token: Flag.String("token"),
    limit: Flag.optional(Flag.Int("limit"))
  },
  ({ file }) =>
    file === "none" ? Effect.fail(new Missing()) : Effect.andThen(WideEvent.count("rows", 3), Effect.logInfo("in"))
)

const shop = (options?: CommandLog.Options) =>
  Command.make("shop", { verbose: Flag.Boolean("verbose") }, () => Effect.interrupt).pipe(
    Command.withSubcommands([Command.make("orders").pipe(Command.withSubcommands([imports]))]),
    CommandLog.record(options)
  )

const run = (args: ReadonlyArray<string>, options?: CommandLog.Options) =>
  Effect.exit(Command.runWith(shop(options), { version: "1.0.0", renderErrors: false })(args))

const TestLive = Layer.merge(Logging.layerTest(), NodeServices.layer)

const secrets = ["--api-key", "s3cr3t", "--token", "s3cr3t"]

describe("CommandLog.record", () => {
  it.effect("makes one record of the command that was chosen, and hides the secrets of its arguments", () =>
    Effect.gen(function*() {
      yield* run(["orders", "import", "orders.csv", "--limit", "7", ...secrets])
      yield* run(["orders", "import", "none", ...secrets])
      const command = {
        "event.name": "command",
        "cli.command": "shop orders import",
        "process.exit.code": 0
      }
      assert.deepStrictEqual<unknown>(yield* accesses, [
        {
          level: "Info",
          took: 0,
          causes: [],
          said: {
            ...command,
            "event.outcome": "success",
            "event.lines.info": 1,
            "cli.arguments": { file: "orders.csv", apiKey: "<redacted>", token: "<redacted>", limit: 7 },
            rows: 3
          }
        },
        {
          level: "Error",
          took: 0,
          causes: ["Fail"],
          said: {
            ...command,
            "event.outcome": "failure",
            "error.type": "Missing",
            "cli.arguments": { file: "none", apiKey: "<redacted>", token: "<redacted>" },
            "process.exit.code": 3
          }
        }
      ])
    }).pipe(Effect.provide(TestLive)))

  it.effect("says the exit code of one that is interrupted, and has none of what runs no command", () =>
    Effect.gen(function*() {
      yield* run(["--verbose"], { name: "cli", level: "Debug" })
      yield* run(["orders", "import"])
      yield* run(["--nothing"])
      assert.deepStrictEqual(
        (yield* accesses).map(({ level, said }) => [
          level,
          said["event.name"],
          said["cli.command"],
          said["cli.arguments"],
          said["process.exit.code"]
        ]),
        [["Debug", "cli", "shop", { verbose: true }, 130]]
      )
    }).pipe(Effect.provide(Layer.merge(Logging.layerTest({ minimumLevel: "Debug" }), NodeServices.layer))))

  it("names an option that is wrong", () => {
    assert.throws(() => CommandLog.record({ name: "" }), RangeError, /CommandLog\.record.*name/)
  })
})
