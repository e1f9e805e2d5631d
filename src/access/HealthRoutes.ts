import * as Check from "../options/check.ts"

/**
 * Requests that are asked for by machines all day, and say nothing as long as they go well.
 *
 * @category options
 * @since 0.1.0
 */
export interface HealthOptions {
  /**
   * Paths, whole (`"/healthz"`) or from their beginning (`"/health/*"`). One that leads out of there for a server that
   * resolves `..` has its record.
   */
  readonly paths: ReadonlyArray<string>
  /**
   * Of those that went well, the first and then one in so many has a record; with 0 none.
   * What failed (a status of 500 and above, an error, a response that broke off) always has one.
   *
   * @default 0
   */
  readonly every?: number | undefined
}

export const healthChecks: Check.Checks<HealthOptions> = {
  paths: Check.required(Check.listOf(Check.satisfies(
    `a path that begins with "/", with "*" at its end or nowhere`,
    (value) => typeof value === "string" && /^\/[^*?#]*\*?$/.test(value)
  ))),
  every: Check.wholeNumber(0)
}

/** A segment of dots, as it is or escaped: what is parsed as a URL is another path then. */
const dotSegment = /(?:[/\\]|%2f|%5c)(?:\.|%2e){1,2}(?:$|[/\\]|%2f|%5c)/i

/** Which requests have no record when they went well. */
export class HealthRoutes {
  private readonly whole: ReadonlySet<string>
  private readonly beginnings: ReadonlyArray<string>
  private readonly every: number
  private count = 0

  constructor({ every = 0, paths }: HealthOptions) {
    this.whole = new Set(paths.filter((path) => !path.endsWith("*")))
    this.beginnings = paths.filter((path) => path.endsWith("*")).map((path) => path.slice(0, -1))
    this.every = every
  }

  has(path: string): boolean {
    if (this.whole.has(path)) return true
    return this.beginnings.some((beginning) => path.startsWith(beginning)) && !dotSegment.test(path)
  }

  /** Whether a request that went well is left out. It is counted: asked once for each. */
  leavesOut(path: string): boolean {
    if (!this.has(path)) return false
    return this.every === 0 || this.count++ % this.every !== 0
  }
}
