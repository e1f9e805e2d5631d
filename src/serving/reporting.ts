import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as ErrorReporter from "effect/ErrorReporter"
import { CurrentEvent, OpenEvent } from "../events/OpenEvent.ts"
import { errorOf } from "../events/said.ts"
import type { Level } from "../record/level.ts"
import { levels } from "../record/level.ts"
import { isObject } from "../record/plainData.ts"

type Reason = Cause.Reason<unknown>

/** What is to be reported of a cause: no interruptions, and nothing that says it is not to be reported. */
export const reportable = ({ reasons }: Cause.Cause<unknown>): ReadonlyArray<Reason> =>
  reasons.filter((reason) => reason._tag !== "Interrupt" && !isIgnored(errorOf(reason)))

/** Total: an error may be anything, and its getters may throw. */
export const isIgnored = (error: unknown): boolean => {
  try {
    return ErrorReporter.isIgnored(error)
  } catch {
    return false
  }
}

/** The severity that an error says itself, if it does. */
export const severityIn = (error: unknown): Level | undefined => {
  try {
    const said: unknown = isObject(error) ? error[ErrorReporter.severity] : undefined
    return levels.find((level) => level === said)
  } catch {
    return undefined
  }
}

const noAttributes: Readonly<Record<string, unknown>> = {}

/** The attributes that an error has for reports. */
export const attributesIn = (error: unknown): Readonly<Record<string, unknown>> => {
  try {
    const said: unknown = isObject(error) ? error[ErrorReporter.attributes] : undefined
    return isObject(said) ? said : noAttributes
  } catch {
    return noAttributes
  }
}

/** Where the event of a request is found where its server reports for it, outside of its handler. */
export const elsewhere: { find: ((context: Context.Context<never>) => OpenEvent | undefined) | undefined } = {
  find: undefined
}

const eventOf = (fiber: ReportOf["fiber"]): OpenEvent | undefined =>
  fiber.getRef(CurrentEvent) ?? elsewhere.find?.(fiber.context)

/** Gives what is reported to the event that is open where it is reported; what it cannot take, to `others`. */
export const reporterTo = (others: (options: ReportOf, reasons: ReadonlyArray<Reason>) => void) =>
  makeReporter((options) => {
    const event = eventOf(options.fiber)
    const reasons = reportable(options.cause)
    if (reasons.length === 0) {
      const [ignored] = options.cause.reasons
      if (ignored !== undefined) OpenEvent.stateOf(event)?.pass(errorOf(ignored))
      return
    }
    const left = reasons.filter((reason) => {
      const error = errorOf(reason)
      if (event?.report(reason, severityIn(error)) !== true) return true
      const attributes = attributesIn(error)
      if (attributes !== noAttributes) event.add(attributes)
      return false
    })
    if (left.length > 0) others(options, left)
  })

export type ReportOf = Parameters<ErrorReporter.ErrorReporter["report"]>[0]

/** A reporter that sees what Effect's own would leave out because it was reported before, and is total. */
const makeReporter = (report: (options: ReportOf) => void): ErrorReporter.ErrorReporter => ({
  [ErrorReporter.TypeId]: ErrorReporter.TypeId,
  report(options) {
    try {
      report(options)
    } catch {
      // Whoever reports must not fail for it.
    }
  }
})

/** Of what is reported inside of events, what belongs to them. */
const toEvents = reporterTo(() => {})

let seen: ReadonlySet<ErrorReporter.ErrorReporter> | undefined
let extended: ReadonlySet<ErrorReporter.ErrorReporter> | undefined

/** The reporters of a context, with one by which reports reach the events that are open there. */
export const reportersOf = (context: Context.Context<never>): ReadonlySet<ErrorReporter.ErrorReporter> => {
  const reporters = Context.get(context, ErrorReporter.CurrentErrorReporters)
  // It is the same set for each request of a server.
  if (reporters !== seen || extended === undefined) {
    seen = reporters
    extended = new Set([...reporters, toEvents])
  }
  return extended
}
