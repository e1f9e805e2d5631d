/**
 * What all records of a program may say, for the option `fields` of the runtime: which
 * service it is, in which version, and where it runs.
 *
 * **Example** (Saying the service on every record)
 *
 * ```ts
 * import { Effect, Layer } from "effect"
 * import { LogFields, Logging, MemorySink } from "effect-spillway"
 *
 * const memory = MemorySink.make()
 *
 * const LoggingLive = Layer.unwrap(Effect.map(
 *   LogFields.fromEnvironment({ service: "shop", version: "1.4.0" }),
 *   (fields) => Logging.layer({ sinks: [memory], fields: { ...fields, region: "eu" } })
 * ))
 *
 * await Effect.runPromise(Effect.provide(Effect.logInfo("order placed"), LoggingLive))
 *
 * const { host, pid, ...rest } = memory.records[0]!.annotations
 * rest // => { service: "shop", version: "1.4.0", region: "eu" }
 * ```
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { thisProcess } from "./node/thisProcess.ts"
import * as Check from "./options/check.ts"
import { checkOptions } from "./options/checkOptions.ts"
import { expectedPairs, pairsIn } from "./options/pairs.ts"
import { variable } from "./options/variable.ts"

/**
 * What a program says of itself, by the names `service`, `version`, `host`, `pid` and
 * `container`. What nobody says is left out.
 *
 * @category models
 * @since 0.1.0
 */
export type LogFields = Readonly<Record<string, string | number>>

/**
 * Options of {@link fromEnvironment}: what goes before the environment.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options {
  /**
   * The name of the service.
   *
   * @default that of the environment, or none
   */
  readonly service?: string | undefined
  /**
   * Its version.
   *
   * @default that of the environment, or none
   */
  readonly version?: string | undefined
}

/**
 * Reads the fields of a program, when it is run: host and process from the operating system,
 * `service` from `OTEL_SERVICE_NAME` or `service.name`, `version` from `service.version`
 * and `container` from `container.id` or `container.name` of
 * `OTEL_RESOURCE_ATTRIBUTES`. `options` go before these. A variable that cannot
 * be read is left out, and said as a warning of the program.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * @category constructors
 * @since 0.1.0
 */
export const fromEnvironment = (options: Options = {}): Effect.Effect<LogFields> => {
  const given = checkOptions("LogFields.fromEnvironment", checks, options)
  return Effect.gen(function*() {
    const attributes = pairsIn((yield* variable("OTEL_RESOURCE_ATTRIBUTES")) ?? "")
    if (attributes === undefined) {
      yield* Effect.logWarning(
        `OTEL_RESOURCE_ATTRIBUTES is ignored: expected ${expectedPairs}; correct it, or unset it`
      )
    }
    const named = (yield* variable("OTEL_SERVICE_NAME")) ?? attributes?.["service.name"]
    const service = given.service ?? named
    const version = given.version ?? attributes?.["service.version"]
    const container = attributes?.["container.id"] ?? attributes?.["container.name"]
    return {
      ...(service !== undefined && { service }),
      ...(version !== undefined && { version }),
      ...thisProcess(),
      ...(container !== undefined && { container })
    }
  })
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const checks: Check.Checks<Options> = { service: Check.text, version: Check.text }
