import * as Context from "effect/Context"
import type * as LoggingConfig from "../LoggingConfig.ts"

/** Set while a layer is built that asks the environment: what that has said. */
export const CurrentEnvironment = Context.Reference<LoggingConfig.Environment | undefined>(
  "effect-spillway/Environment",
  { defaultValue: () => undefined }
)
