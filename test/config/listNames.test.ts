import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect } from "effect"
import { listNames } from "../../src/config/listNames.ts"

const { fromDotEnvContents, fromEnv, fromUnknown, make, makeRecord, makeValue, SourceError } = ConfigProvider

const listed = (provider: ConfigProvider.ConfigProvider) =>
  Effect.map(
    Effect.provideService(listNames, ConfigProvider.ConfigProvider, provider),
    (names) => names.toSorted()
  )

const env = { LOGGING_LEVEL: "Info", LOGGING_LEVEL_FILE: "Debug", LOGGING_QEUE_SIZE: "5", HOME: "/" }
const names = ["LOGGING_LEVEL", "LOGGING_LEVEL_FILE", "LOGGING_QEUE_SIZE"]

const cases: ReadonlyArray<readonly [what: string, ConfigProvider.ConfigProvider, names: ReadonlyArray<string>]> = [
  ["the environment", fromEnv({ env }), names],
  ["the environment without any", fromEnv({ env: { HOME: "/", LOGGING: "yes", LOGGINGS_A: "1" } }), []],
  ["numbers in names", fromEnv({ env: { LOGGING_LEVEL_FILE_2: "Info", LOGGING_0: "x" } }), [
    "LOGGING_0",
    "LOGGING_LEVEL_FILE_2"
  ]],
  ["names that differ in case only", fromEnv({ env: { LOGGING_level: "Info" } }), ["LOGGING_level"]],
  ["empty variables", fromEnv({ env: { LOGGING_LEVEL: "", LOGGING_X: "" } }), []],
  ["a file of variables", fromDotEnvContents("LOGGING_LEVEL=Info\nLOGGING_X=1\nPORT=3000"), [
    "LOGGING_LEVEL",
    "LOGGING_X"
  ]],
  ["keys of an object", fromUnknown(env), names],
  ["an object with other names for nothing", fromUnknown({ LOGGING: { LEVEL: "Info" } }), []],
  [
    "nested names",
    fromEnv({ env: { APP_LOGGING_X: "1", LOGGING_Y: "2" } }).pipe(ConfigProvider.nested("APP")),
    ["LOGGING_X"]
  ],
  ["nested keys", fromUnknown({ app: env }).pipe(ConfigProvider.nested("app")), names],
  [
    "names in constant case",
    fromEnv({ env: { APP_LOGGING_X: "1" } }).pipe(ConfigProvider.nested("app"), ConfigProvider.constantCase),
    ["LOGGING_X"]
  ],
  [
    "names in lower case",
    fromEnv({ env: { logging_queue_size: "1" } }).pipe(
      ConfigProvider.mapInput((path) => path.map((word) => String(word).toLowerCase()))
    ),
    ["LOGGING_QUEUE_SIZE"]
  ],
  ["the first of two", ConfigProvider.orElse(fromEnv({ env }), fromUnknown({ LOGGING_OTHER: "1" })), names],
  ["a provider that fails", make(() => Effect.fail(new SourceError({ message: "unreachable" }))), []],
  ["a provider that dies", make(() => Effect.die("broken")), []],
  [
    "a provider that throws",
    make(() => {
      throw new Error("broken")
    }),
    []
  ],
  ["a provider that knows names only", make(([name]) => Effect.succeed(name === "X" ? makeValue("1") : undefined)), []],
  ["a provider without an end", make(() => Effect.succeed(makeRecord(new Set(["A", "B"])))), []]
]

describe("listNames", () => {
  for (const [what, provider, expected] of cases) {
    it.effect(`lists ${what}`, () =>
      Effect.gen(function*() {
        assert.deepStrictEqual(yield* listed(provider), expected)
      }))
  }
})
