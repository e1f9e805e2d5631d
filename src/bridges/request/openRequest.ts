import type { Requested } from "../../access/AccessRules.ts"
import { makeRequestStore } from "../../node/requestStore.ts"
import { replace } from "./bodyBytes.ts"
import { RequestEvent } from "./RequestEvent.ts"
import type { RequestRuntime } from "./RequestRuntime.ts"

const store = makeRequestStore<RequestEvent>()

/** The request that runs here. */
export const currentRequest = (): RequestEvent | undefined => store.current()

type Call = (...given: ReadonlyArray<unknown>) => unknown

const applied = (call: Call, given: ReadonlyArray<unknown>, self: unknown): unknown => Reflect.apply(call, self, given)

/** Calls a function in a request. */
const inRequest = (event: RequestEvent, call: Call, given: ReadonlyArray<unknown>, self: unknown): unknown =>
  store.current() === event ? Reflect.apply(call, self, given) : store.run(event, applied, call, given, self)

/** What listens to this is code of the request too, wherever its events come from. */
export const emitIn = (event: RequestEvent, of: object): void => {
  replace(of, "emit", (call, given, self) => inRequest(event, call, given, self))
}

/** Calls a function in a request, and gives what it gives. */
export const within = <A>(event: RequestEvent, run: () => A): A => store.run(event, run)

/** The requests that are open, by what a server has for them: wherever one is begun a second time, it is the same. */
const known = new WeakMap<object, RequestEvent>()

/**
 * Begins a request, once: with its id answered and whatever says its end listened to by
 * `attach`. Total: a request that cannot be recorded is answered all the same.
 */
export const begin = (
  runtime: RequestRuntime,
  of: object,
  requested: () => Requested,
  attach: (event: RequestEvent, answeredIn: string | undefined) => void
): RequestEvent | undefined => {
  try {
    const before = known.get(of)
    if (before !== undefined) return before
    const { rules } = runtime
    const asked = requested()
    const event = new RequestEvent(runtime, rules.arrival(asked), rules.requestId(asked.header))
    known.set(of, event)
    attach(event, rules.answeredIn)
    return event
  } catch {
    return undefined
  }
}
