import * as Check from "../options/check.ts"
import { type Checked, optionsOf } from "../options/checkOptions.ts"
import { unawaited } from "../options/unawaited.ts"
import { type Level, levels } from "../record/level.ts"
import { type Arrival, type Ending, statusOf } from "./accessFields.ts"
import {
  type ClientAddress,
  clientAddressBy,
  type HeaderOf,
  type TrustedProxies,
  trustedProxies
} from "./clientAddress.ts"
import { healthChecks, type HealthOptions, HealthRoutes } from "./HealthRoutes.ts"
import { levelOfStatus } from "./outcome.ts"
import { requestIdHeader, requestIdOf } from "./requestId.ts"
import { requestTargetOf } from "./requestTarget.ts"

/**
 * What is known of a request that ended.
 *
 * @category models
 * @since 0.1.0
 */
export interface Outcome {
  readonly method: string
  readonly path: string
  /** The pattern of its route, where one was found. */
  readonly route: string | undefined
  /** How it ended: with its response, with its client gone, or broken off by the server. */
  readonly ended: "answered" | "client-gone" | "broken-off"
  /** The status of the record; none where no response began. */
  readonly status: number | undefined
  readonly error: unknown
}

/**
 * What the record of a request says, and which requests have one: the same for every
 * server and framework.
 *
 * @category options
 * @since 0.1.0
 */
export interface AccessOptions {
  /**
   * The header that a request id is taken from, when it is one (up to 128 letters, digits and
   * `. _ - : / + = @ ~`), and answered in. With `false` every request has a new id, and none
   * is answered.
   *
   * @default "x-request-id"
   */
  readonly requestIdHeader?: string | false | undefined
  /**
   * Makes the id of a request that brings none. What throws or is no id is replaced.
   *
   * @default 96 random bits as 16 letters, digits, `-` and `_`
   */
  readonly makeRequestId?: (() => string) | undefined
  /**
   * The proxies that are trusted to say in `X-Forwarded-For` whom they were called by: how many there
   * are, or their addresses and ranges (`"10.0.0.0/8"`, `"loopback"`, `"private"`). Without any, the
   * client is whoever holds the socket.
   *
   * @default 0
   */
  readonly trustedProxies?: TrustedProxies | undefined
  /**
   * Whether the record has the query, with the values hidden of parameters that are named like secrets.
   *
   * @default false
   */
  readonly query?: boolean | undefined
  /**
   * Requests that have a record only when they fail, or one in so many.
   *
   * @default none
   */
  readonly health?: HealthOptions | undefined
  /**
   * The level of the record of a request. What throws or is no level counts as not given.
   *
   * @default Error where the server failed (a status of 500 and above, broken off), Warn for a status of 400 and above and for 499, else Info
   */
  readonly level?: ((outcome: Outcome) => Level) | undefined
}

const header = Check.satisfies(
  "the name of a header (letters, digits, - and _)",
  (value) => typeof value === "string" && /^[\w-]{1,64}$/.test(value)
)

export const accessChecks: Check.Checks<AccessOptions> = {
  requestIdHeader: Check.either(header, Check.no),
  makeRequestId: Check.aSyncFunction,
  trustedProxies,
  query: Check.flag,
  health: optionsOf(healthChecks),
  level: Check.aSyncFunction
}

/** A request as a server has it. */
export interface Requested {
  readonly method: string
  /** The request target, as it came. */
  readonly target: string
  readonly scheme: string | undefined
  readonly protocolVersion: string | undefined
  /** The address of the socket. */
  readonly peer: string | undefined
  readonly header: HeaderOf
}

/** The options of access records, as they are asked for each request. */
export class AccessRules {
  /** The header that a request id is answered in. */
  readonly answeredIn: string | undefined
  private readonly given: Checked<AccessOptions>
  private readonly addressOf: ClientAddress
  private readonly idHeader: string | undefined
  private readonly health: HealthRoutes | undefined

  /** Of options that are checked. */
  constructor(given: Checked<AccessOptions>) {
    const { health, requestIdHeader: named = requestIdHeader } = given
    this.given = given
    this.addressOf = clientAddressBy(given.trustedProxies)
    this.answeredIn = named === false ? undefined : named
    this.idHeader = this.answeredIn?.toLowerCase()
    this.health = health && new HealthRoutes(health)
  }

  requestId(header: HeaderOf): string {
    return requestIdOf(this.idHeader && header(this.idHeader), this.given.makeRequestId)
  }

  arrival({ header, method, peer, protocolVersion, scheme, target }: Requested): Arrival {
    const clientAddress = this.addressOf(peer, header)
    return {
      method,
      target: requestTargetOf(target, this.given.query),
      scheme,
      protocolVersion,
      clientAddress,
      peerAddress: peer === clientAddress || peer === `::ffff:${clientAddress}` ? undefined : peer,
      serverAddress: hostOf(header("host")),
      userAgent: header("user-agent")
    }
  }

  /** Whether a request that ended has no record. It is counted: asked once for each. */
  leavesOut({ target }: Arrival, { ended, error, status }: Ending): boolean {
    if (this.health === undefined) return false
    const failed = ended === "broken-off" || error !== undefined || (status !== undefined && status >= 500)
    return !failed && this.health.leavesOut(target.path)
  }

  level({ method, target: { path } }: Arrival, ending: Ending): Level {
    const { ended, error, route, status } = ending
    const usual = levelOfStatus(ended, status, error)
    const { level } = this.given
    if (level === undefined) return usual
    try {
      const asked: unknown = unawaited(level({ method, path, route, ended, status: statusOf(ending), error }))
      return levels.find((one) => one === asked) ?? usual
    } catch {
      return usual
    }
  }
}

/** The host of a `Host` header without its port. */
const hostOf = (host: string | undefined): string | undefined => {
  if (host === undefined || host === "") return undefined
  const port = host.lastIndexOf(":")
  return port === -1 || port < host.lastIndexOf("]") ? host : host.slice(0, port)
}
