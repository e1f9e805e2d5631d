import type { Attribute } from "./attributes.ts"
import { version } from "./version.ts"

/** Who logs: what all records of a request have in common (OTLP 1.11, `ResourceLogs` and `ScopeLogs`). */
export interface Emitter {
  readonly resource: ReadonlyArray<Attribute>
  readonly scope: { readonly name: string; readonly version: string | undefined }
}

/**
 * The service whose records these are.
 *
 * @category options
 * @since 0.1.0
 */
export interface ResourceOptions {
  /**
   * The name of the service (`service.name`).
   *
   * @default that of `attributes`, or "unknown_service:node"
   */
  readonly serviceName?: string | undefined
  /**
   * Its version (`service.version`).
   *
   * @default that of `attributes`, or none
   */
  readonly serviceVersion?: string | undefined
  /**
   * Further attributes, like `deployment.environment.name`. Those that say nothing else come from the sink:
   * `telemetry.sdk.name`, `telemetry.sdk.language` and `telemetry.sdk.version`.
   *
   * @default none
   */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

/** Resource SDK and Semantic Conventions 1.45, `resource`: the attributes of a service, each once. */
export const resourceOf = (
  { attributes, serviceName, serviceVersion }: ResourceOptions
): ReadonlyArray<Attribute> => {
  const all = new Map<string, unknown>([
    ["service.name", "unknown_service:node"],
    ["telemetry.sdk.name", "effect-spillway"],
    ["telemetry.sdk.language", "nodejs"],
    ["telemetry.sdk.version", version]
  ])
  for (const [name, value] of Object.entries(attributes ?? {})) if (name !== "") all.set(name, value)
  if (serviceName !== undefined) all.set("service.name", serviceName)
  if (serviceVersion !== undefined) all.set("service.version", serviceVersion)
  return [...all]
}
