import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as References from "effect/References"
import { type Arrival, bounded, type Ending, statusOf } from "../../access/accessFields.ts"
import * as names from "../../access/names.ts"
import { errorTypeOf, hasFailed } from "../../access/outcome.ts"
import type { DirectLogger } from "../../capture/directLogger.ts"
import type { OpenEvent } from "../../events/OpenEvent.ts"
import type { Outcome } from "../../events/outcome.ts"
import { RequestFacts } from "./RequestFacts.ts"
import type { RequestRuntime } from "./RequestRuntime.ts"

/**
 * A request that is being answered. Its functions are synchronous, and throw nothing.
 *
 * @category models
 * @since 0.1.0
 */
export interface CurrentRequest {
  /** Its id: the one that came with it, or its own. */
  readonly id: string
  /** A logger whose records have the id as `requestId`, and are counted in the record of the request. */
  readonly logger: DirectLogger
  /** Adds fields to the record of the request; false when that is made already. */
  readonly add: (fields: Readonly<Record<string, unknown>>) => boolean
  /** Says what went wrong where the framework does not: the last error is that of the record. */
  readonly fail: (error: unknown) => void
  /** The event that becomes the record, to count and to time in it. */
  readonly event: OpenEvent
  /**
   * The context for effects that belong to the request: what they log has its id, and what
   * `WideEvent.add` adds is in its record. `Effect.runPromiseWith(request.context)(effect)`.
   */
  readonly context: Context.Context<never>
}

/** A request from its arrival to its record: one, whoever says first that it has ended. */
export class RequestEvent implements CurrentRequest {
  readonly id: string
  readonly event: OpenEvent
  /** How the pattern of its route is found at its end, where there is a framework that knows. */
  route: (() => string | undefined) | undefined = undefined
  /** Whether its client has gone in the middle of it, where a connection tells. */
  hasLeft: (() => boolean) | undefined = undefined
  /** What its record has for a message; read when it is made. */
  readonly declaration: { readonly name: string; text: string }
  private readonly runtime: RequestRuntime
  private readonly arrival: Arrival
  private readonly facts: RequestFacts
  private bound: DirectLogger | undefined = undefined
  private inside: Context.Context<never> | undefined = undefined
  private failure: { readonly error: unknown } | undefined = undefined

  constructor(runtime: RequestRuntime, arrival: Arrival, id: string) {
    const { method, target } = arrival
    this.id = id
    this.runtime = runtime
    this.arrival = arrival
    this.declaration = { name: "http.server.request", text: `${method} ${bounded(target.path)}` }
    this.facts = new RequestFacts(runtime.rules, runtime.keepLines, id, arrival)
    this.event = runtime.open(this.declaration, this.facts)
  }

  get logger(): DirectLogger {
    return this.bound ??= this.runtime.logger.with({ [names.requestId]: this.id }).within(this.event)
  }

  get context(): Context.Context<never> {
    return this.inside ??= Context.add(this.event.context, References.CurrentLogAnnotations, {
      ...Context.get(this.event.context, References.CurrentLogAnnotations),
      [names.requestId]: this.id
    })
  }

  readonly add = (fields: Readonly<Record<string, unknown>>): boolean => this.event.add(fields)

  readonly fail = (error: unknown): void => {
    // What fails then fails for that: half a body, a response that nobody takes.
    if (!this.event.isOpen || this.hasLeft?.() === true) return
    this.failure = { error }
    // Where the process ends for it, nobody comes to the end of the request.
    this.facts.errorType = errorTypeOf("answered", undefined, error ?? null)
  }

  /** Notes the bytes of a connection that was taken over, in both directions. */
  taken({ received, sent }: { readonly received: number; readonly sent: number }): void {
    this.facts.requestSize = received
    this.facts.responseSize = sent
  }

  /** Makes the record, unless there is one. */
  end(known: Omit<Ending, "error" | "route">): void {
    if (this.event.isOpen) this.record(known)
    // Timers of a connection that is kept know its last request: what that came with is not to be kept with it.
    this.route = undefined
    this.hasLeft = undefined
    this.failure = undefined
    this.facts.ending = undefined
  }

  private record(known: Omit<Ending, "error" | "route">): void {
    const { failure } = this
    const error = failure && (failure.error ?? null)
    const ending: Ending = { ...known, route: this.routeNow(), error }
    const { method, target } = this.arrival
    this.declaration.text = `${method} ${bounded(ending.route ?? target.path)} ${statusOf(ending) ?? known.ended}`
    this.facts.ending = ending
    this.event.endAs(outcomeOf(ending), failure === undefined ? undefined : Cause.fail(failure.error))
  }

  /** Code of the program or of the framework may run for it. */
  private routeNow(): string | undefined {
    try {
      return this.route?.()
    } catch {
      return undefined
    }
  }
}

const outcomeOf = ({ ended, error, status }: Ending): Outcome => {
  if (error !== undefined || hasFailed(ended, status, error)) return "failure"
  if (ended === "client-gone") return "interrupted"
  return status !== undefined && status >= 400 ? "failure" : "success"
}
