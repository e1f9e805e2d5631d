import * as Effect from "effect/Effect"
import { limitChecks } from "../capture/limits.ts"
import { source } from "../contract/laneChecks.ts"
import { redactorChecks } from "../LogRedactor.ts"
import { routeList } from "../LogRoutes.ts"
import { isLogSink, type Source } from "../LogSink.ts"
import * as Check from "../options/check.ts"
import { type Checked, checkOptions, optionsOf } from "../options/checkOptions.ts"
import { scopes } from "../options/levels.ts"
import type { FromConfigOptions, Options, RuntimeOptions, TestOptions } from "./options.ts"

const testChecks: Check.Checks<TestOptions> = {
  minimumLevel: Check.levelOrBound,
  scopes,
  lowestLevel: Check.levelOrBound,
  mergeWithExisting: Check.flag,
  spanEvents: Check.flag,
  redact: Check.either(optionsOf(redactorChecks), Check.no),
  limits: optionsOf(limitChecks),
  fields: Check.anObject,
  enrich: Check.aSyncFunction,
  diagnostics: Check.either(Check.words("text", "json"), Check.aSyncFunction)
}

const runtimeChecks: Check.Checks<RuntimeOptions> = {
  ...testChecks,
  shutdownTimeout: Check.duration("positive", "finite"),
  gracePeriod: Check.duration("positive", "any"),
  onShutdown: Check.effectful,
  routes: routeList,
  queue: Check.flag
}

type Sources = ReadonlyArray<Source>

const sinks: Check.Check = {
  ...Check.listOf(source),
  got: (value) =>
    isLogSink(value) || Effect.isEffect(value) ? "a single one; put it into an array" : Check.uncalled(value)
}

/** Options of `Logging.layer`, as they may be. */
export const checked = (where: string, options: Options<Sources>): Checked<Options<Sources>> =>
  checkOptions(where, { ...runtimeChecks, sinks: Check.required(sinks) }, options)

/** Options of `Logging.layerFromConfig`, which has sinks of its own. */
export const checkedFromConfig = (options: FromConfigOptions<Sources>): Checked<FromConfigOptions<Sources>> =>
  checkOptions("Logging.layerFromConfig", { ...runtimeChecks, sinks }, options)

/** Options of `Logging.layerTest`. */
export const checkedForTests = (options: TestOptions): Checked<TestOptions> =>
  checkOptions("Logging.layerTest", testChecks, options)
