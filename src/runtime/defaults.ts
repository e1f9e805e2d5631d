import { defaultLimits, type Limits } from "../capture/limits.ts"
import { given } from "../contract/given.ts"
import type * as LogSink from "../LogSink.ts"
import type { Options, RuntimeOptions } from "./options.ts"

const defaults = {
  // What they are depends on the program: that is found when the runtime is built.
  minimumLevel: undefined,
  scopes: undefined,
  lowestLevel: undefined,
  spanEvents: undefined,
  shutdownTimeout: "5 seconds",
  gracePeriod: undefined,
  onShutdown: undefined,
  mergeWithExisting: false,
  redact: { defaults: true },
  fields: undefined,
  enrich: undefined,
  routes: undefined,
  queue: true,
  diagnostics: "text"
} as const satisfies Required<Omit<RuntimeOptions, "limits">>

/** The options of a runtime, with what counts where neither code nor environment says anything. */
export const withDefaults = (options: Options<ReadonlyArray<LogSink.Source>>) => {
  const { sinks, ...others } = options
  const limits: Limits = { ...defaultLimits, ...given(options.limits ?? {}) }
  return { sinks, ...defaults, ...given(others), limits }
}

/** Options as they count. */
export type Effective = ReturnType<typeof withDefaults>
