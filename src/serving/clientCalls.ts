import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import { opened } from "../events/opened.ts"
import { CurrentEvent, type OpenEvent } from "../events/OpenEvent.ts"

type Answered<E, R> = Effect.Effect<HttpClientResponse.HttpClientResponse, E, R>

/** Counts a request in the event that is open where it is made. */
export const counted = <E, R>(effect: Answered<E, R>, { url }: HttpClientRequest.HttpClientRequest): Answered<E, R> =>
  Effect.withFiber((fiber) => {
    const event = opened.count === 0 ? undefined : fiber.getRef(CurrentEvent)
    if (event === undefined) return effect
    const since = event.millis
    return Effect.onExitPrimitive(effect, (exit) => {
      event.time("http.client", Math.round((event.millis - since) * 1000) / 1000)
      event.count(`http.client.host.${nameFor(event, hostOf(url))}`)
      const hasFailed = Exit.isFailure(exit) || exit.value.status >= 400
      if (hasFailed) event.count("http.client.failures")
      return undefined
    })
  })

/** So many hosts of one event have a field. */
const most = 10

const hosts = new WeakMap<OpenEvent, Set<string>>()

const nameFor = (event: OpenEvent, host: string): string => {
  const known = hosts.get(event) ?? new Set<string>()
  hosts.set(event, known)
  if (known.size < most) known.add(host)
  return known.has(host) ? host : "other"
}

const longest = 100

/** The host of a URL, and nothing else of it. */
const hostOf = (url: string): string => {
  try {
    const { hostname } = new URL(url)
    return hostname === "" || hostname.length > longest ? "other" : hostname
  } catch {
    return "other"
  }
}
