import { defaultLimits, type Limits } from "../capture/limits.ts"
import { given } from "../contract/given.ts"
import type * as LogSink from "../LogSink.ts"
import type { Options, RuntimeOptions } from "./options.ts"

/** What depends on the program, and is known when the runtime is built. */
export type Found = "minimumLevel" | "scopes" | "lowestLevel" | "spanEvents"

const defaults = {
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
} as const satisfies Required<Omit<RuntimeOptions, Found | "limits">>

/** The options of a runtime, with what counts where neither code nor environment says anything. */
export const withDefaults = (options: Options<ReadonlyArray<LogSink.Source>>) => {
  const { sinks, ...others } = options
  const limits: Limits = { ...defaultLimits, ...given(options.limits ?? {}) }
  return { sinks, ...defaults, ...given(others), limits }
}

/** Options as they count. */
export type Effective = ReturnType<typeof withDefaults>
