import { assert, describe, it } from "@effect/vitest"
import { Cause, Config, ConfigProvider, Effect, Exit, Graph, PlatformError, Schema } from "effect"
import { CliError } from "effect/cli"
import { RateLimiter } from "effect/persistence"
import { Socket } from "effect/socket"
import { SqlError } from "effect/sql"
import { LogEncoder, Logging, LogRecord, LogSink } from "../../src/index.ts"
import { plain, plainSnapshot, recordsOf, snapshotOf } from "../support/capture.ts"

const Order = Schema.Struct({
  id: Schema.Int,
  customer: Schema.Struct({ name: Schema.NonEmptyString, country: Schema.Literals(["DE", "FR", "IT"]) }),
  items: Schema.Array(Schema.Struct({ sku: Schema.NonEmptyString, quantity: Schema.Int }))
})
const wrongOrder = { id: 1, customer: { name: "A", country: "XX" }, items: [{ sku: "", quantity: 0.5 }] }

const errorOf = (effect: Effect.Effect<unknown, unknown>): unknown => {
  const exit = Effect.runSyncExit(effect)
  return Exit.isFailure(exit) ? Cause.squash(exit.cause) : assert.fail("it did not fail")
}
const schemaError = errorOf(Schema.decodeUnknownEffect(Order)(wrongOrder, { errors: "all" }))
const messageOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "message" in error ? String(error.message) : ""
const config = (env: object): unknown =>
  errorOf(Effect.provideService(
    Effect.asVoid(Config.Int("PORT")),
    ConfigProvider.ConfigProvider,
    ConfigProvider.fromUnknown(env)
  ))
const refused = Object.assign(new Error("ENOENT"), { code: "ENOENT" })

describe("F86: errors of Effect are shown in their own words", () => {
  it.each<[tag: string, error: unknown, properties: object]>([
    ["SchemaError", schemaError, {}],
    ["ConfigError", config({ PORT: "x" }), {}],
    ["ConfigError", config({}), {}],
    ["PlatformError", PlatformError.badArgument({ module: "FileSystem", method: "open", description: "bad flag" }), {
      reason: { _tag: "BadArgument", module: "FileSystem", method: "open", description: "bad flag" }
    }],
    [
      "PlatformError",
      PlatformError.systemError({
        _tag: "NotFound",
        module: "FileSystem",
        method: "open",
        pathOrDescriptor: "/x",
        cause: refused
      }),
      { reason: { _tag: "NotFound", module: "FileSystem", method: "open", pathOrDescriptor: "/x" } }
    ],
    ["TimeoutError", new Cause.TimeoutError("too late"), {}],
    ["NoSuchElementError", new Cause.NoSuchElementError("nothing"), {}],
    ["IllegalArgumentError", new Cause.IllegalArgumentError("bad"), {}],
    ["ExceededCapacityError", new Cause.ExceededCapacityError("full"), {}],
    ["UnknownError", new Cause.UnknownError(refused, "what"), {}],
    ["GraphError", new Graph.GraphError({ message: "a cycle" }), {}],
    ["MissingOption", new CliError.MissingOption({ option: "name" }), { option: "name" }],
    ["UnrecognizedOption", new CliError.UnrecognizedOption({ option: "-x", suggestions: [] }), {
      option: "-x",
      suggestions: []
    }],
    ["SocketError", new Socket.SocketError({ reason: new Socket.SocketCloseError({ code: 1006 }) }), {
      reason: { _tag: "SocketCloseError", code: 1006 }
    }],
    [
      "SqlError",
      new SqlError.SqlError({ reason: new SqlError.ConnectionError({ message: "gone", cause: refused }) }),
      {}
    ],
    [
      "RateLimiterError",
      new RateLimiter.RateLimiterError({ reason: new RateLimiter.RateLimitStoreError({ message: "gone" }) }),
      { reason: { _tag: "RateLimitStoreError" } }
    ],
    ["SinkError", LogSink.rejected("refused", { records: [1] }), {
      reason: { _tag: "Rejected", records: [1] }
    }]
  ])("%s", (tag, error, properties) => {
    const copy = snapshotOf(error)
    assert.isTrue(copy instanceof LogRecord.ErrorSnapshot)
    if (!(copy instanceof LogRecord.ErrorSnapshot)) return
    assert.strictEqual(copy.tag, tag)
    assert.strictEqual(copy.name, tag)
    assert.strictEqual(copy.message, messageOf(error))
    assert.deepStrictEqual(plain(copy.properties), properties)
    const json = JSON.stringify(copy)
    assert.notMatch(json, /~|"ast"|"issue"|"fiber"|\[object/)
    const shown = LogEncoder.pretty().encode(LogRecord.make({ message: "x", cause: [{ kind: "Fail", error: copy }] }))
    for (const line of `${tag}: ${messageOf(error)}`.split("\n")) assert.include(shown, line)
  })

  it("what a schema says is said once", () => {
    const message = messageOf(schemaError)
    assert.isAbove(message.length, 150)
    assert.isBelow(JSON.stringify(snapshotOf(schemaError)).length, 1.5 * message.length)
  })

  it("what a schema says is said once by an error that quotes it, and is there where it does not", () => {
    assert.isTrue(Schema.isSchemaError(schemaError))
    if (!Schema.isSchemaError(schemaError)) return
    const { issue, message } = schemaError
    for (const [text, properties] of [[message, {}], ["no order", { problem: message }]] as const) {
      const copy = snapshotOf(Object.assign(new Error(text), { problem: issue }))
      assert.isTrue(copy instanceof LogRecord.ErrorSnapshot)
      if (copy instanceof LogRecord.ErrorSnapshot) assert.deepStrictEqual(plain(copy.properties), properties)
    }
  })

  it("an issue is its text, a syntax tree its kind, and type ids are no data", () => {
    assert.isTrue(Schema.isSchemaError(schemaError))
    if (!Schema.isSchemaError(schemaError)) return
    const { issue, message } = schemaError
    assert.deepStrictEqual(plainSnapshot({ issue, ast: Order.ast }), { issue: message, ast: "[Schema]" })
    assert.strictEqual(plainSnapshot(issue), message)
    assert.deepStrictEqual(plainSnapshot(Cause.Done(1)), { _id: "Done", value: 1 })
    const mine = snapshotOf(Object.assign(new Error("x"), { "~mine/Id": "~mine/Id", "~other": 1, kind: "kind" }))
    assert.deepStrictEqual(plain(mine instanceof LogRecord.ErrorSnapshot && mine.properties), {
      "~other": 1,
      kind: "kind"
    })
  })
})

describe("F86: what was an error is known when it is logged", () => {
  const shown = (...messages: ReadonlyArray<unknown>) =>
    Effect.map(
      recordsOf(Effect.logInfo(...messages)),
      ([record]) => LogEncoder.pretty().encode(record!).replace(/^.*?\(#\d+\) ?/, "")
    )

  it.effect("a key named stack makes no error", () =>
    Effect.gen(function*() {
      const like = { stack: "shop-prod", region: "eu-1" }
      assert.strictEqual(yield* shown("deployed", like), `deployed\n    ${JSON.stringify(like)}`)
      assert.strictEqual(yield* shown({ stack: "shop-prod", message: "ok" }), `{"stack":"shop-prod","message":"ok"}`)
      assert.strictEqual(yield* shown({ _tag: "Sent", message: "ok" }), `{"_tag":"Sent","message":"ok"}`)
    }))

  it.effect("an error in place of attributes is one of them", () =>
    Effect.gen(function*() {
      const log = Effect.flatMap(Logging.Logging, ({ logger }) =>
        Effect.sync(() => logger.error("x", Object(new Error("y")))))
      const [record] = yield* recordsOf(log)
      assert.deepStrictEqual(Object.keys(record?.annotations ?? {}), ["error"])
      assert.isTrue(record?.annotations["error"] instanceof LogRecord.ErrorSnapshot)
    }))

  it.effect("an error is one whatever it looks like", () =>
    Effect.gen(function*() {
      assert.strictEqual(
        yield* shown("x", Object.assign(new Error("bare"), { stack: undefined })),
        "x\n    Error: bare"
      )
    }))
})

describe("F86: what an error says where a walk over its keys does not find it", () => {
  const hide = (key: string, value: unknown): Error => Object.defineProperty(new Error("x"), key, { value })
  class Worded extends Error {
    readonly response: object
    constructor(message: string, response: object) {
      super(message)
      this.response = response
    }
    toJSON(): object {
      return { message: this.message, status: 400 }
    }
  }
  class Speechless extends Error {
    readonly toJSON = (): never => {
      throw new Error("no words")
    }
  }
  class Coded extends Error {
    get code(): string {
      return "E_CODED"
    }
    get status(): object {
      return {}
    }
  }

  it.each<[title: string, error: Error, properties: object]>([
    ["a code", hide("code", "E_HIDDEN"), { code: "E_HIDDEN" }],
    ["a number of the system", hide("errno", -2), { errno: -2 }],
    ["a call of the system", hide("syscall", "open"), { syscall: "open" }],
    ["a status", hide("status", 503), { status: 503 }],
    ["a getter of its class, of text", new Coded("x"), { code: "E_CODED" }],
    ["nothing that its toJSON leaves out", new Worded("x", { body: "b" }), { status: 400 }],
    ["all, when its toJSON throws", new Speechless("x"), { toJSON: "[Function toJSON]" }],
    ["a frozen error", Object.freeze(hide("code", 7)), { code: 7 }],
    ["nothing but what is of use", hide("request", { headers: {} }), {}]
  ])("%s", (_, error, properties) => {
    const copy = snapshotOf(error)
    assert.deepStrictEqual(plain(copy instanceof LogRecord.ErrorSnapshot ? copy.properties : undefined), properties)
  })
})
