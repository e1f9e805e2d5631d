import type * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as ErrorReporter from "effect/ErrorReporter"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as HttpBody from "effect/http/HttpBody"
import { RouteContext } from "effect/http/HttpRouter"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Response from "effect/http/HttpServerResponse"
import type { HttpServerResponse } from "effect/http/HttpServerResponse"
import * as References from "effect/References"
import * as Stream from "effect/Stream"
import { type Arrival, type Ending, sayArrival, sayEnding } from "../access/accessFields.ts"
import type { AccessRules, Requested } from "../access/AccessRules.ts"
import * as names from "../access/names.ts"
import type { EventErrors } from "../events/EventErrors.ts"
import type { EventOptions } from "../events/eventOptions.ts"
import { CurrentEvent, OpenEvent } from "../events/OpenEvent.ts"
import type { SaidFields } from "../record/EventMessage.ts"
import type { Level } from "../record/level.ts"
import { judged } from "./httpEnding.ts"
import { isWebRequest, sentBy, sourceOf } from "./httpRequest.ts"
import { refusedIn } from "./refusal.ts"
import { reportersOf } from "./reporting.ts"
import { type RequestBytes, requestBytesOf } from "./requestBytes.ts"

/**
 * One request, from its arrival until its record is made.
 *
 *     handling ──the handler exits──▶ handled ──the scope of the request closes──▶ over
 *
 * The response is looked at when it is handed over; a body that is a stream is counted,
 * and the scope closes when it has ended.
 */
export class HttpAccess implements EventOptions {
  readonly maxFields = 80
  readonly maxBytes = 64 * 1024
  readonly isHeld = true
  readonly keepLines: number
  readonly requestId: string
  readonly event: OpenEvent
  private phase: "handling" | "handled" | "over" = "handling"
  private readonly rules: AccessRules
  private readonly request: HttpServerRequest
  private readonly arrival: Arrival
  private readonly hasLevel: boolean
  private readonly requestBytes: RequestBytes
  private route: string | undefined = undefined
  private response: HttpServerResponse | undefined = undefined
  private responseBytes: number | undefined = undefined
  private body: "whole" | "stream" | "ended" | "cut" = "whole"
  private bodyCause: Cause.Cause<unknown> | undefined = undefined
  private handling: Cause.Cause<unknown> | undefined = undefined
  private ending: Ending | undefined = undefined
  private sending: Cause.Cause<unknown> | undefined = undefined

  /** `open` opens its event, to which this is the options. */
  constructor(
    rules: AccessRules,
    given: { readonly keepLines: number; readonly hasLevel: boolean },
    request: HttpServerRequest,
    requested: Requested,
    open: (options: EventOptions) => OpenEvent
  ) {
    this.rules = rules
    this.keepLines = given.keepLines
    this.hasLevel = given.hasLevel
    this.request = request
    this.requestId = rules.requestId(requested.header)
    this.arrival = rules.arrival(requested)
    this.requestBytes = requestBytesOf(request, requested.header)
    this.event = open(this)
  }

  /** Whether it is the record of this request, of which there may be several views. */
  isOf({ source }: HttpServerRequest): boolean {
    return this.request.source === source
  }

  /** Notes the route that was found, where it can be seen. */
  routed(context: Context.Context<never>): void {
    if (this.route === undefined) this.route = routeIn(context)
  }

  /** Told when the handler has exited: with its response, with an error that becomes one, or, where it sends itself, after that. */
  handled(context: Context.Context<never>, exit: Exit.Exit<HttpServerResponse, unknown>): void {
    this.routed(context)
    this.phase = "handled"
    if (Exit.isSuccess(exit)) return
    if (this.response === undefined) this.handling = exit.cause
    else this.sending = exit.cause
  }

  /** Looks at a response that is about to be sent. */
  answer(response: HttpServerResponse): HttpServerResponse {
    const { answeredIn } = this.rules
    // Always another response than the one that was given, by which it is known again.
    const named = answeredIn === undefined
      ? withBody(response, response.body)
      : Response.setHeader(response, answeredIn, this.requestId)
    return this.response = this.counted(named)
  }

  /** The same while the handler goes on. After that, somebody else is asked later. */
  answerEarly(response: HttpServerResponse): HttpServerResponse {
    return this.phase === "handling" ? this.answer(response) : response
  }

  private counted(response: HttpServerResponse): HttpServerResponse {
    const { body, status } = response
    // RFC 9110 §9.3.2, §15.3.5, §15.3.6, §15.4.5: these have none, whatever they were given.
    if (this.request.method === "HEAD" || status === 204 || status === 205 || status === 304) {
      this.responseBytes = 0
      return response
    }
    if (body._tag !== "Stream") {
      this.responseBytes = body._tag === "Empty" ? 0 : body.contentLength ?? lengthIn(response)
      return response
    }
    this.body = "stream"
    this.responseBytes = 0
    const counted = body.stream.pipe(
      Stream.mapArray((chunk) => {
        for (const { length } of chunk) this.responseBytes = (this.responseBytes ?? 0) + length
        return chunk
      }),
      Stream.onExit((exit) => Effect.sync(() => this.bodyEnded(exit))),
      // A web response runs it in the context of the server.
      Stream.updateContext((context: Context.Context<never>) => insideRequest(context, this))
    )
    return withBody(response, HttpBody.stream(counted, body.contentType, body.contentLength))
  }

  private bodyEnded(exit: Exit.Exit<unknown, unknown>): void {
    this.body = Exit.isSuccess(exit) ? "ended" : "cut"
    if (Exit.isFailure(exit)) this.bodyCause = exit.cause
  }

  /** Makes the record: all of the request is over. */
  close(exit: Exit.Exit<unknown, unknown>): void {
    if (this.phase === "over") return
    const { body, event, handling, request, response } = this
    this.phase = "over"
    const sending = this.sending ?? (Exit.isFailure(exit) ? exit.cause : undefined)
    const shown = sentBy(request)
    const { cause, ended, error, outcome, status } = judged({
      handling,
      body: this.bodyCause,
      sending: handling === undefined ? sending : undefined,
      response,
      sent: shown.status ?? statusOf(exit),
      isCut: body === "cut" || (body === "stream" && sending !== undefined) || shown.isBroken,
      isGone: shown.isGone,
      isWeb: isWebRequest(sourceOf(request))
    })
    this.ending = this.endingOf(ended, status, error ?? reportedIn(event)?.lastFor(outcome))
    event.endAsIn(Fiber.getCurrent(), outcome, cause)
  }

  /**
   * Told when the fiber has ended that the request was handled in: where sending a response throws before it
   * has begun, as for a cookie that is no text, nobody closes the scope of the request.
   */
  left(exit: Exit.Exit<unknown, unknown>): void {
    if (this.phase === "over" || this.response === undefined || Exit.isSuccess(exit)) return
    // The body of a web response is read after its fiber has ended, and closes the scope.
    if (this.body === "whole" || !isWebRequest(sourceOf(this.request))) this.close(exit)
  }

  private endingOf(ended: Ending["ended"], status: number | undefined, error: unknown): Ending {
    const isSent = ended === "answered" || this.body !== "whole"
    const isReplaced = status !== this.response?.status
    return {
      ended,
      route: this.route,
      status,
      requestBytes: this.requestBytes.count,
      // What a server sends in place of a response has no body.
      responseBytes: isSent ? isReplaced ? 0 : this.responseBytes : undefined,
      error
    }
  }

  /** What it says of itself when its event ends: at its own end, or at that of the runtime, in which it is broken off. */
  own(said: SaidFields): void {
    const ending = this.settled()
    said.say(names.requestId, this.requestId)
    sayArrival(said, this.arrival)
    sayEnding(said, ending)
    said.say(names.errorWhy, refusedIn(ending.error))
  }

  level(): Level | undefined {
    const { arrival, event, hasLevel, rules } = this
    const severity = hasLevel ? undefined : reportedIn(event)?.severity
    return severity ?? rules.level(arrival, this.settled())
  }

  /** Its ending, from now on: what has not ended by itself is broken off. */
  private settled(): Ending {
    return this.ending ??= this.endingOf("broken-off", this.response?.status, undefined)
  }

  when(): boolean {
    return this.ending === undefined || !this.rules.leavesOut(this.arrival, this.ending)
  }
}

/** The access record of the request that a context is in, around the events that are open in it. */
export const accessIn = (context: Context.Context<never>): HttpAccess | undefined => {
  let state = OpenEvent.stateOf(Context.get(context, CurrentEvent))
  while (state !== undefined && !(state.options instanceof HttpAccess)) state = state.outer
  return state?.options instanceof HttpAccess ? state.options : undefined
}

/**
 * A context in which what is logged, added and reported belongs to a request. Effect copies all of a
 * context that has had more than eight additions, so that each counts.
 */
export const insideRequest = (context: Context.Context<never>, access: HttpAccess): Context.Context<never> => {
  const { event, requestId } = access
  const annotations = { ...Context.get(context, References.CurrentLogAnnotations), [names.requestId]: requestId }
  const reporting = Context.add(context, ErrorReporter.CurrentErrorReporters, reportersOf(context))
  return Context.add(Context.add(reporting, References.CurrentLogAnnotations, annotations), CurrentEvent, event)
}

/** What the server says to have sent instead of what it was given, as for an upgrade. */
const statusOf = (exit: Exit.Exit<unknown, unknown>): number | undefined =>
  Exit.isSuccess(exit) && Response.isHttpServerResponse(exit.value) ? exit.value.status : undefined

const reportedIn = (event: OpenEvent): EventErrors | undefined => OpenEvent.stateOf(event)?.reported

const routeIn = (context: Context.Context<never>): string | undefined =>
  Context.getOrUndefined(context, RouteContext)?.route.path

const lengthIn = ({ headers }: HttpServerResponse): number | undefined => {
  const length = headers["content-length"]
  return length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined
}

/** The same response with another body, and the headers that it had. */
const withBody = (response: HttpServerResponse, body: HttpBody.HttpBody): HttpServerResponse =>
  Object.assign(Object.create(Object.getPrototypeOf(response)), response, { body })
