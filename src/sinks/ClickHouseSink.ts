/**
 * Inserts records into a table of ClickHouse, over its HTTP interface, as `JSONEachRow`.
 *
 * A batch is one insert, of which ClickHouse stores all rows or none. The column `uid` names each record, so that a table
 * can do without the rows that come twice.
 *
 * The module is not in the index of the package, so that programs without it load no HTTP client: import it from
 * `effect-spillway/sinks/ClickHouseSink`.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Redacted from "effect/Redacted"
import type { Given } from "../contract/given.ts"
import { laneChecks } from "../contract/laneChecks.ts"
import { remoteLane } from "../contract/remoteLane.ts"
import * as LogRecord from "../LogRecord.ts"
import * as LogSink from "../LogSink.ts"
import * as Check from "../options/check.ts"
import { checkOptions } from "../options/checkOptions.ts"
import { isRecord } from "../record/plainData.ts"
import { errorOf } from "./clickhouse/exceptions.ts"
import { Insert, quoted } from "./clickhouse/Insert.ts"
import { type Compression, compressionCheck } from "./http/compression.ts"
import { credentialCheck, headerValueCheck, targetChecks, targetOf } from "./http/target.ts"
import { makeWrite } from "./http/write.ts"

export type { Compression } from "./http/compression.ts"

/**
 * Options of {@link make}, besides those of the lane.
 *
 * @category options
 * @since 0.1.0
 */
export interface Options extends Given<LogSink.LaneOptions> {
  /**
   * Where the HTTP interface is, like `"http://localhost:8123"`. Credentials in it are sent as Basic authentication; it has
   * them or there is a `user`, not both. Messages name its host only.
   */
  readonly url: string | URL | Redacted.Redacted
  /** The table, which must be there. */
  readonly table: string
  /**
   * The database that the table is in.
   *
   * @default that of the user
   */
  readonly database?: string | undefined
  /**
   * The name of the user.
   *
   * @default that in `url`, if any, else "default"
   */
  readonly user?: string | undefined
  /**
   * The password of the user, in a `Redacted`.
   *
   * @default none
   */
  readonly password?: Redacted.Redacted | undefined
  /**
   * Further headers of every request. A secret is given in a `Redacted`; none of them is ever printed.
   *
   * @default none
   */
  readonly headers?: Readonly<Record<string, string | Redacted.Redacted>> | undefined
  /**
   * Settings of every insert, like `{ insert_quorum: 2 }`. One that the server does not know stops the lane.
   *
   * @default times in ISO form, and columns that the table does not have are left out
   */
  readonly settings?: Readonly<Record<string, string | number>> | undefined
  /**
   * Whether each insert has a name, its `insert_deduplication_token`, by which a table that keeps some names knows an
   * insert that comes again. Servers before version 22 do not know it.
   *
   * @default false
   */
  readonly deduplicate?: boolean | undefined
  /**
   * How bodies of 1 KiB and more are compressed, on the thread pool: `"none"`, `"gzip"` (level 1) or `"zstd"`, for which the
   * server must be of version 20 or later.
   *
   * @default "gzip"
   */
  readonly compression?: Compression | undefined
  /**
   * The name of the lane.
   *
   * @default "clickhouse"
   */
  readonly name?: string | undefined
}

/**
 * Creates a sink that inserts its batches with the `HttpClient` of the program.
 *
 * **Details**
 *
 * Its lane takes larger batches than others do, up to 4,096 records and 4 MiB, because ClickHouse makes a part of a table
 * of each insert and has to merge them.
 *
 * What an answer means is decided by the code of its exception, whatever its status is. A row that does not fit
 * refuses the whole insert, so the lane halves it until it has found the row. Wrong tables, users and settings keep the
 * records until somebody has changed something; too many parts, and other wants of room, are tried again. 319, an insert
 * whose end is not known, timeouts, faults of the network behind the server, and any exception that is not in
 * the table, are tried again as `ambiguous`, as is a 2xx that says anything. Any other answer without an exception means what
 * its status does.
 *
 * Throws a `RangeError` for an option that is not known or not what it must be.
 *
 * **Gotchas**
 *
 * Rows may be there twice after a request without an answer: let the table be a `ReplacingMergeTree` that is ordered by
 * the time and the `uid`, and read it with `FINAL`.
 *
 * Where a profile has `async_insert` without `wait_for_async_insert`, records are lost and counted as delivered when the
 * server loses what it has not stored yet: set `settings: { wait_for_async_insert: 1 }`.
 *
 * **Example** (Inserting into a table)
 *
 * ```ts
 * import { Effect, Layer, Redacted } from "effect"
 * import { Logging } from "effect-spillway"
 * import * as ClickHouseSink from "effect-spillway/sinks/ClickHouseSink"
 * import { HttpClient, HttpClientResponse } from "effect/http"
 *
 * const users: Array<string | undefined> = []
 * // In a program: NodeHttpClient.layerUndici
 * const Client = Layer.succeed(
 *   HttpClient.HttpClient,
 *   HttpClient.make((request) => {
 *     users.push(request.headers["x-clickhouse-user"])
 *     return Effect.succeed(HttpClientResponse.fromWeb(request, new Response()))
 *   })
 * )
 *
 * const LoggingLive = Logging.layer({
 *   sinks: [
 *     ClickHouseSink.make({
 *       url: "http://localhost:8123",
 *       table: "logs",
 *       user: "writer",
 *       password: Redacted.make("1234")
 *     })
 *   ]
 * }).pipe(Layer.provide(Client))
 *
 * await Effect.runPromise(Effect.logInfo("order placed").pipe(Effect.provide(LoggingLive)))
 *
 * users // => ["writer"]
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const make = (options: Options): Effect.Effect<LogSink.LogSink, never, HttpClient.HttpClient> => {
  const {
    compression = "gzip",
    database,
    deduplicate = false,
    headers,
    name = "clickhouse",
    password,
    settings = {},
    table,
    url,
    user,
    ...lane
  } = checkOptions("ClickHouseSink.make", checks, options)
  const target = targetOf({ url, headers }, {
    parameters: { ...ownSettings, ...textsOf(settings) },
    headers: { ...user !== undefined && { "x-clickhouse-user": user }, ...password && { "x-clickhouse-key": password } }
  })
  const into = `${database === undefined ? "" : `${quoted(database)}.`}${quoted(table)}`
  const statement = (batch: ReadonlyArray<LogRecord.LogRecord>): string =>
    ["INSERT", "INTO", into, ...deduplicate ? nameOf(batch) : [], "FORMAT", "JSONEachRow"].join(" ")
  return Effect.suspend(() => {
    const insert = new Insert(statement)
    return Effect.map(
      makeWrite({
        target,
        contentType: "text/plain; charset=utf-8",
        compression,
        encode: (batch) => insert.encode(batch),
        errorOf: (answer) => errorOf(answer, target.host)
      }),
      (write) => LogSink.make({ name, ...remoteLane, ...lane, write })
    )
  })
}

// -----------------------------------------------------------------------------
// internals
// -----------------------------------------------------------------------------

const nameOf = (batch: ReadonlyArray<LogRecord.LogRecord>): ReadonlyArray<string> => [
  "SETTINGS",
  `insert_deduplication_token='${LogRecord.batchId(batch)}'`
]

/** Times in ISO form, and a table with fewer columns than there are. Both are known since before version 18.16. */
const ownSettings = { date_time_input_format: "best_effort", input_format_skip_unknown_fields: "1" }

const textsOf = (settings: Readonly<Record<string, string | number>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)]))

const identifierCheck = Check.satisfies(
  "a name that is not blank and has no control characters",
  (value) => Check.path.read(value) !== undefined
)

const isSetting = ([name, value]: [string, unknown]): boolean =>
  /^\w+$/.test(name) && (typeof value === "string" || Number.isFinite(value))

const checks: Check.Checks<Options> = {
  ...targetChecks,
  table: Check.required(identifierCheck),
  database: identifierCheck,
  user: headerValueCheck,
  password: credentialCheck,
  settings: Check.satisfies(
    "an object of settings, each a text or a number",
    (value) => isRecord(value) && Object.entries(value).every(isSetting)
  ),
  deduplicate: Check.flag,
  compression: compressionCheck,
  name: Check.text,
  ...laneChecks
}
