import * as Duration from "effect/Duration"
import * as Equal from "effect/Equal"
import { defaultLimits } from "../capture/limits.ts"
import { Snapshot } from "../capture/Snapshot.ts"
import { given } from "../contract/given.ts"
import type * as LoggingConfig from "../LoggingConfig.ts"
import type { Levels } from "../LogLevels.ts"
import * as LogRedactor from "../LogRedactor.ts"
import type { Route } from "../LogRoutes.ts"
import * as LogSink from "../LogSink.ts"
import { parseDuration } from "../options/duration.ts"
import { ordinaryData } from "../record/ordinaryData.ts"
import { isRecord } from "../record/plainData.ts"
import { redactText } from "../rules/redact/redactText.ts"
import type { Effective } from "./defaults.ts"
import type { Description, Setting } from "./description.ts"
import type { Lanes } from "./Lanes.ts"
import type { Member } from "./Member.ts"
import type { Options, RuntimeOptions } from "./options.ts"

/** What changes while the program runs. */
interface Present {
  readonly lanes: Lanes
  readonly levels: () => Levels
  readonly routes: () => ReadonlyArray<Route>
}

/** What the environment has said, where it was asked. */
interface Said {
  readonly environment: LoggingConfig.Environment | undefined
  readonly laneLevels: Readonly<Record<string, unknown>>
}

/** What was said of a runtime, so that it can be described later. */
export class Describer {
  private readonly options: Options<ReadonlyArray<LogSink.Source>>
  private readonly counting: Effective
  private readonly said: Said
  private readonly present: Present

  /** For a runtime whose options have become those that count. */
  constructor(options: Options<ReadonlyArray<LogSink.Source>>, counting: Effective, said: Said, present: Present) {
    this.options = options
    this.counting = counting
    this.said = said
    this.present = present
  }

  /** The configuration now. Nothing is in it that would be hidden in a record with the default rules and those of the runtime. */
  now(): Description {
    const { show, text } = shower(this.options)
    const { sinks: _, ...options } = this.counting
    const lanes = this.present.lanes.members.map((member) => [
      text(member.lane.name),
      settings({ ...member.lane.options, fallback: member.fallback?.lane.name }, show, this.originIn(member))
    ])
    return {
      options: settings(options, show, (option) => this.originOf(option)),
      levels: this.present.levels(),
      routes: show("routes", this.present.routes()),
      lanes: Object.fromEntries(lanes)
    }
  }

  private originOf(option: string): Setting["from"] {
    const { environment } = this.said
    if (option in given({ minimumLevel: environment?.level, ...withoutLanes(environment) })) return "environment"
    return option in given(this.options) ? "code" : "default"
  }

  /** A lane of the start has what the environment says of it, until something else is set while the program runs. */
  private originIn({ came, lane, role }: Member): Origin {
    const { environment, laneLevels } = this.said
    const said: object = environment !== undefined && role === "sink" && came !== "later"
      ? given({ ...environment.lane, minimumLevel: laneLevels[lane.name] })
      : {}
    return (option, value) => {
      const isValueOf = (options: object): boolean =>
        Equal.equals(timed(option, Reflect.get(options, option)), timed(option, value))
      if (option in said && isValueOf(said)) return "environment"
      return isValueOf(LogSink.defaults) ? "default" : "code"
    }
  }
}

const withoutLanes = (environment: LoggingConfig.Environment | undefined) => {
  if (environment === undefined) return {}
  const { diagnostics, gracePeriod, queue, shutdownTimeout } = environment
  // A level for all is no word about scopes.
  const scopes = Object.keys(environment.scopes ?? {}).length === 0 ? undefined : environment.scopes
  return { diagnostics, gracePeriod, queue, scopes, shutdownTimeout }
}

type Show = (option: string, value: unknown) => unknown

type Origin = (option: string, value: unknown) => Setting["from"]

/** Values of options, with where they come from. */
const settings = (
  values: Readonly<Record<string, unknown>>,
  show: Show,
  origin: Origin
): Readonly<Record<string, Setting>> =>
  Object.fromEntries(
    Object.entries(values).map((
      [option, value]
    ): [string, Setting] => [option, { value: show(option, value), from: origin(option, value) }])
  )

const durations = new Set(["shutdownTimeout", "gracePeriod", "batchWindow", "writeTimeout", "cooldown", "maxAge"])
const withDurations = new Set(["breaker", "spool"])

const timed = (option: string, value: unknown): unknown => {
  if (withDurations.has(option) && isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, timed(key, item)]))
  }
  const duration = durations.has(option) ? parseDuration(value) : undefined
  return duration === undefined ? value : Duration.format(duration)
}

/** Shows values as records do, by the default rules for secrets and by the runtime's own. */
const shower = (
  { redact }: RuntimeOptions
): { readonly show: Show; readonly text: (value: string) => string } => {
  const keys = redact === undefined || redact === false ? [] : redact.keys ?? []
  const redactor = LogRedactor.make({ keys })
  const snapshot = new Snapshot(redactor, defaultLimits)
  const text = (value: string): string => redactText(value, redactor)
  const show: Show = (option, value) => {
    if (option === "retry") return value === LogSink.defaultRetry ? "default" : "[Schedule]"
    snapshot.reset()
    const copy = snapshot.value({ [option]: timed(option, value) })
    return textsIn(isRecord(copy) ? ordinaryData(copy[option]) : copy, text) ?? null
  }
  return { show, text }
}

const textsIn = (value: unknown, text: (value: string) => string): unknown => {
  if (typeof value === "string") return text(value)
  if (Array.isArray(value)) return value.map((item) => textsIn(item, text))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key), textsIn(item, text)]))
}
