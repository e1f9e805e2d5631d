import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Logger } from "effect"
import { hostname } from "node:os"
import { LogFields } from "../src/index.ts"

const here = { host: hostname(), pid: process.pid }

/** The fields in an environment, and the warnings of the program. */
const fieldsIn = (env: Readonly<Record<string, string>>, options?: LogFields.Options) =>
  Effect.gen(function*() {
    const warnings: Array<unknown> = []
    const logger = Logger.make(({ message }) => warnings.push(message))
    const fields = yield* LogFields.fromEnvironment(options).pipe(
      Effect.provideService(ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env })),
      Effect.provideService(Logger.CurrentLoggers, new Set([logger]))
    )
    return { fields, warnings: warnings.flat() }
  })

describe("LogFields.fromEnvironment", () => {
  it.effect("says where the program runs, and leaves out what nobody says", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* fieldsIn({}), { fields: here, warnings: [] })
    }))

  it.effect("says what the options do before what the environment does", () =>
    Effect.gen(function*() {
      const options = { service: "shop", version: "1.4.0" }
      assert.deepStrictEqual((yield* fieldsIn({}, options)).fields, { ...options, ...here })
      const { fields } = yield* fieldsIn({ OTEL_RESOURCE_ATTRIBUTES: "service.name=mail,service.version=2" }, {
        version: "1.4.0"
      })
      assert.deepStrictEqual(fields, { service: "mail", version: "1.4.0", ...here })
    }))

  it.effect("reads the resource of OpenTelemetry, whose name of the service counts less than its own variable", () =>
    Effect.gen(function*() {
      const attributes = "service.name=mail,service.version=2%2E0,container.id=c0ffee,container.name=mail-1"
      const fields = { service: "mail", version: "2.0", ...here, container: "c0ffee" }
      assert.deepStrictEqual((yield* fieldsIn({ OTEL_RESOURCE_ATTRIBUTES: attributes })).fields, fields)
      const both = yield* fieldsIn({ OTEL_RESOURCE_ATTRIBUTES: attributes, OTEL_SERVICE_NAME: "post" })
      assert.deepStrictEqual(both.fields, { ...fields, service: "post" })
      const named = yield* fieldsIn({ OTEL_RESOURCE_ATTRIBUTES: "container.name=mail-1" })
      assert.deepStrictEqual(named.fields, { ...here, container: "mail-1" })
    }))

  it.effect("warns of what cannot be read, and goes on without it", () =>
    Effect.gen(function*() {
      const { fields, warnings } = yield* fieldsIn({ OTEL_RESOURCE_ATTRIBUTES: "mail" })
      assert.deepStrictEqual(fields, here)
      assert.strictEqual(warnings.length, 1)
      assert.match(String(warnings[0]), /^OTEL_RESOURCE_ATTRIBUTES is ignored: expected name=value pairs/)
    }))
})
