import { AddressRanges, isAddress } from "../node/AddressRanges.ts"
import * as Check from "../options/check.ts"

/**
 * Which proxies are trusted to say whom they were called by: how many, or their addresses.
 *
 * @category models
 * @since 0.1.0
 */
export type TrustedProxies = number | ReadonlyArray<string>

/** Reads a header of a request by its name in small letters. */
export type HeaderOf = (name: string) => string | undefined

/** The address of the client of a request, from that of the socket and the headers. */
export type ClientAddress = (peer: string | undefined, header: HeaderOf) => string | undefined

const named: Readonly<Record<string, ReadonlyArray<string>>> = {
  loopback: ["127.0.0.0/8", "::1"],
  private: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "169.254.0.0/16", "fe80::/10"]
}

const rangesOf = (proxy: string): ReadonlyArray<string> => Object.hasOwn(named, proxy) ? named[proxy]! : [proxy]

export const trustedProxies: Check.Check = Check.either(
  Check.wholeNumber(0, 32),
  Check.listOf(Check.satisfies(
    `an address, a range like "10.0.0.0/8", "loopback" or "private"`,
    (value) => typeof value === "string" && rangesOf(value).every((range) => new AddressRanges().add(range))
  ))
)

/**
 * How the client's address is found. Nobody is trusted without being named: whoever calls
 * may write any `X-Forwarded-For`. Of that header the last address is what the nearest
 * proxy saw, so that it is read from its end, through trusted ones only.
 */
export const clientAddressBy = (trusted: TrustedProxies = 0): ClientAddress => {
  if (typeof trusted === "number") {
    return trusted === 0 ? lastKnown() : (peer, header) => behind(peer, header, (_address, hops) => hops < trusted)
  }
  const ranges = new AddressRanges()
  for (const proxy of trusted) for (const range of rangesOf(proxy)) ranges.add(range)
  return (peer, header) => behind(peer, header, (address) => ranges.has(address))
}

/** Whoever holds a socket sends many requests. */
const lastKnown = (): ClientAddress => {
  let last: string | undefined
  let address: string | undefined
  return (peer) => {
    if (peer !== last) {
      last = peer
      address = withoutPort(peer)
    }
    return address
  }
}

const withoutPort = (peer: string | undefined): string | undefined => peer === undefined ? undefined : addressIn(peer)

/** The first, from the server outward, that is no trusted proxy, or the last that is said. */
const behind = (
  peer: string | undefined,
  header: HeaderOf,
  isTrusted: (address: string, hops: number) => boolean
): string | undefined => {
  let seen = withoutPort(peer)
  // A socket of the machine itself (a Unix socket) has no address; who may connect to it is its owner's to say.
  if (!isTrusted(seen ?? "127.0.0.1", 0)) return seen
  const forwarded = header("x-forwarded-for")
  if (forwarded === undefined) return seen
  let end = forwarded.length
  for (let hops = 1; end >= 0 && hops <= mostHops; hops++) {
    const comma = forwarded.lastIndexOf(",", end - 1)
    const next = addressIn(forwarded.slice(comma + 1, end).trim())
    // What is no address (“unknown”) tells nothing, and nothing before it can be trusted.
    if (next === undefined) return seen
    seen = next
    if (!isTrusted(next, hops) || comma === -1) return seen
    end = comma
  }
  return seen
}

const mostHops = 33

/** An address without brackets and port, and an IPv4 one as such where a socket of both kinds shows it as IPv6. */
const addressIn = (text: string): string | undefined => {
  const bare = bareAddress(text)
  return bare?.startsWith("::ffff:") === true && isAddress(bare.slice(7)) ? bare.slice(7) : bare
}

const bareAddress = (text: string): string | undefined => {
  if (isAddress(text)) return text
  const inside = text.startsWith("[") ? text.slice(1, text.indexOf("]")) : text.slice(0, text.indexOf(":"))
  return isAddress(inside) ? inside : undefined
}
