/**
 * What a service logs: which line comes when is drawn once, with a seed, so that every
 * candidate logs the same lines in the same order; what a line says is made anew.
 */
import * as Cause from "effect/Cause"

export type Kind = "text" | "numbers" | "object" | "error" | "warning"

/** Of a thousand lines. */
const shares: ReadonlyArray<readonly [kind: Kind, share: number]> = [
  ["text", 510],
  ["numbers", 260],
  ["object", 200],
  ["error", 20],
  ["warning", 10]
]
const all = 1000
const seed = 4217
const fewestLines = 3
export const mostLines = 8
/** How many requests are drawn; then they come again. */
const drawn = 4096

/** Marsaglia's xorshift, from 0 up to below `below`. */
const drawing = (seed: number): (below: number) => number => {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const kindAt = (drawnNumber: number): Kind => {
  let rest = drawnNumber
  for (const [kind, share] of shares) {
    if (rest < share) return kind
    rest -= share
  }
  return "text"
}

const scripts: ReadonlyArray<ReadonlyArray<Kind>> = (() => {
  const draw = drawing(seed)
  return Array.from(
    { length: drawn },
    () => Array.from({ length: fewestLines + draw(1 + mostLines - fewestLines) }, () => kindAt(draw(all)))
  )
})()

/** The lines of a request, in order. */
export const linesOf = (request: number): ReadonlyArray<Kind> => scripts[request % drawn] ?? []

const routes = ["/orders/:id", "/orders/:id/items", "/customers/:id/addresses", "/carts/:id/checkout", "/search"]

export interface Fields extends Record<string, unknown> {
  readonly requestId: string
  readonly userId: string
  readonly route: string
}

/** What all lines of a request have in common. */
export const fieldsOf = (request: number): Fields => ({
  requestId: `req-${(request * 2_654_435_761).toString(16).padStart(16, "0")}`,
  userId: `user-${request % 50_000}`,
  route: routes[request % routes.length] ?? "/"
})

const texts = [
  "request received, headers parsed and the session was found in the cache of sessions",
  "authorization granted by the policy of the tenant, rules evaluated in the order they are kept in",
  "the order was read from the primary, its items are joined with prices of the current price list",
  "response is written, the connection is kept for the next request of the same client"
]

export const textOf = (i: number): string => texts[i & 3] ?? ""

export const numbersOf = (i: number): string =>
  `query 4217 returned ${i % 997} rows in ${(i * 7) % 1231} ms from shard ${i & 15}, ${i & 1023} of them from the cache`

export interface Body extends Record<string, unknown> {
  readonly durationMs: number
}

/** Four to six fields, one of them an object. */
export const bodyOf = (i: number): Body => {
  const durationMs = (i % 1009) + 0.125
  const upstream = { host: "pricing.internal.example", attempt: i & 3 }
  switch (i % 3) {
    case 0:
      return { durationMs, rows: i & 255, cached: (i & 1) === 0, upstream }
    case 1:
      return { durationMs, status: 200 + (i & 3), bytes: (i * 31) % 65_536, cached: (i & 1) === 0, upstream }
    default:
      return { durationMs, ratio: (i % 1000) / 1000, orderId: i, currency: "EUR", retried: (i & 7) === 0, upstream }
  }
}

export const objectText = "upstream answered"
export const errorText = "payment was declined by the provider"
export const warningText = "stock could not be reserved, it is tried again"

const refuse = (i: number): Error => new Error(`socket closed by peer after ${i % 97} ms`)
const charge = (i: number): Error => new Error(`charge ${i % 10_007} failed`, { cause: refuse(i) })
const pay = (i: number): Error => charge(i)

/** What went wrong: it exists whether somebody logs it or not. */
export const errorOf = (i: number): Error => pay(i)

export const causeOf = (i: number): Cause.Cause<Error> => Cause.fail(refuse(i))
