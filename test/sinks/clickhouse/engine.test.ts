/** What a real ClickHouse has of what was delivered to it, read back with SQL. */
import { NodeHttpClient, NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Context, Effect, Layer, Redacted } from "effect"
import { engines } from "../../../scratchpad/engines/engines.ts"
import { LogRecord, LogSink } from "../../../src/index.ts"
import * as ClickHouseSink from "../../../src/sinks/ClickHouseSink.ts"
import { blocksOf, page } from "../../docs/pages.ts"
import { type ClickHouse, clickHouse, writer } from "../../servers/clickhouse.ts"
import { hasEngine } from "../../support/engines.ts"
import { makeLane } from "../../support/lanes.ts"
import { randomText } from "./randomText.ts"

const hasClickHouse = hasEngine(engines.clickHouse)

class Engine extends Context.Service<Engine, ClickHouse>()("test/ClickHouse") {}

const live = Layer.effect(Engine, clickHouse).pipe(
  Layer.provideMerge(Layer.merge(NodeServices.layer, NodeHttpClient.layerUndici))
)

/** The table of the page under another name; version 18.16 has no times below a second, and no type of few texts. */
const tableOfPage = (name: string) =>
  Effect.map(page("docs/sinks/clickhouse.md"), (text) => {
    const [table] = blocksOf("sql", text)
    assert.isDefined(table)
    return table.replace("CREATE TABLE logs", `CREATE TABLE ${name}`)
      .replace(/DateTime64\([^)]*\)/, "DateTime").replace(/LowCardinality\(String\)/, "String")
  })

const inserting = (options: Partial<ClickHouseSink.Options>) =>
  Effect.flatMap(Engine, ({ url }) =>
    ClickHouseSink.make({
      url,
      table: "logs",
      user: writer.user,
      password: Redacted.make(writer.password),
      ...options
    }))

const record = (seq: number, fields: Partial<Parameters<typeof LogRecord.make>[0]> = {}): LogRecord.LogRecord =>
  LogRecord.make({ message: `order ${seq}`, seq, time: 1_767_225_600_000 + seq, ...fields })

const rowsIn = (text: string): ReadonlyArray<Record<string, unknown>> =>
  text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line))

layer(live, { excludeTestServices: true })("a ClickHouse of this machine", (it) => {
  it.effect.skipIf(!hasClickHouse)(
    "reads every column as it was written, whatever is in the texts",
    () =>
      Effect.gen(function*() {
        const { query } = yield* Engine
        yield* query(yield* tableOfPage("odd"))
        const sink = yield* inserting({ database: "default", table: "odd" })
        const texts = Array.from(
          { length: 1000 },
          (_, seq) => [randomText(seq), randomText(seq + 1), randomText(seq + 2)]
        )
        const batch = texts.map(([one, two, three], seq) =>
          record(seq, {
            message: [one, { text: two }],
            level: LogRecord.levels[seq % 6] ?? "Info",
            annotations: { text: three, nested: { list: [seq, one, null] } },
            ...seq % 2 === 0 && { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" },
            ...seq % 3 === 0 && { cause: [{ kind: "Fail", error: two }] }
          })
        )
        yield* sink.write(batch)
        const rows = rowsIn(
          yield* query("SELECT *, toUnixTimestamp(timestamp) AS unix FROM odd ORDER BY seq FORMAT JSONEachRow")
        )
        const read = rows.map((row) => ({
          uid: row["uid"],
          seq: Number(row["seq"]),
          timestamp: row["unix"],
          level: row["level"],
          message: row["message"],
          data: JSON.parse(String(row["data"])),
          cause: row["cause"] !== "",
          trace_id: row["trace_id"],
          span_id: row["span_id"],
          attributes: JSON.parse(String(row["attributes"]))
        }))
        const written = batch.map(({ annotations, cause, level, seq, spanId = "", time, traceId = "", uid }, i) => ({
          uid,
          seq,
          timestamp: Math.floor(time / 1000),
          level: level.toUpperCase(),
          message: texts[i]?.[0],
          data: { text: texts[i]?.[1] },
          cause: cause !== undefined,
          trace_id: traceId,
          span_id: spanId,
          attributes: annotations
        }))
        assert.deepStrictEqual(read, written)
      })
  )

  it.effect.skipIf(!hasClickHouse)(
    "says with an exception what somebody must change, and stores nothing of it",
    () =>
      Effect.gen(function*() {
        const { query } = yield* Engine
        const ends: Record<string, string> = {}
        const written = (what: string, options: Partial<ClickHouseSink.Options>, batch = [record(1)]) =>
          Effect.gen(function*() {
            const sink = yield* inserting(options)
            const ended = yield* Effect.result(sink.write(batch))
            ends[what] = ended._tag === "Success"
              ? "stored"
              : `${ended.failure.reason._tag} ${/exception (\d+)/.exec(ended.failure.message)?.[1]}`
          })
        yield* written("no table", {})
        yield* query(yield* tableOfPage("logs"))
        yield* written("no database", { database: "nowhere" })
        yield* written("wrong password", { password: Redacted.make("wrong") })
        yield* written("no user", { user: "nobody" })
        yield* written("no setting", { settings: { no_such_setting: 1 } })
        yield* written("no time", {}, [record(1), record(2, { time: Number.NaN }), record(3)])
        assert.strictEqual((yield* query("SELECT count() FROM logs")).trim(), "0")
        yield* written("all is well", { compression: "none" })
        yield* query("CREATE TABLE few (uid String, message String) ENGINE = Memory")
        yield* written("a table with fewer columns", { table: "few" })
        yield* query("CREATE TABLE `o\\`d\\\\d names` (uid String) ENGINE = Memory")
        yield* written("a table with an odd name", { database: "default", table: "o`d\\d names" })
        assert.deepStrictEqual(ends, {
          "no table": "Misconfigured 60",
          "no database": "Misconfigured 81",
          "wrong password": "Misconfigured 193",
          "no user": "Misconfigured 192",
          "no setting": "Misconfigured 115",
          "no time": "Rejected 41",
          "all is well": "stored",
          "a table with fewer columns": "stored",
          "a table with an odd name": "stored"
        })
      })
  )

  it.effect.skipIf(!hasClickHouse)(
    "F15: has every record that was delivered, after rows that it refuses and a crash",
    () =>
      Effect.gen(function*() {
        const { kill, query, start } = yield* Engine
        yield* query((yield* tableOfPage("orders")).replace("span_id String", "span_id FixedString(16)"))
        const sink = yield* inserting({ table: "orders", batchWindow: 0 })
        const delivered = new Set<string>()
        const failed = new Set<string>()
        const spied: LogSink.LogSink = {
          ...sink,
          options: {
            ...sink.options,
            breaker: false,
            maxBatchSize: 50,
            retry: LogSink.exponentialRetry({ base: "20 millis", duration: "1 minute" })
          },
          write: (batch) =>
            sink.write(batch).pipe(
              Effect.tap(() => Effect.sync(() => batch.forEach(({ uid }) => delivered.add(uid)))),
              Effect.tapError(({ reason }) => Effect.sync(() => failed.add(reason._tag)))
            )
        }
        const { lane } = yield* makeLane(spied)
        const spanId = "b7ad6b7169203331"
        // Longer than the column, and at no time.
        const poison: Record<number, Partial<LogRecord.LogRecord>> = {
          13: { spanId: spanId.repeat(2) },
          157: { time: Number.NaN }
        }
        const offer = (from: number, to: number) =>
          Effect.sync(() => {
            for (let seq = from; seq < to; seq++) {
              const one = record(seq, { bytes: 100, spanId, ...poison[seq % 200] })
              lane.inlet.offer(one, LogRecord.severityOf(one.level))
            }
          })
        yield* offer(0, 200)
        yield* Effect.yieldNow
        yield* kill
        yield* offer(200, 400)
        yield* start
        yield* lane.flush
        yield* offer(400, 600)
        yield* lane.flush

        const { delivered: count, dropped } = lane.books()
        assert.deepStrictEqual([count, dropped.rejected_by_server, delivered.size], [594, 6, 594])
        assert.deepStrictEqual([...failed].toSorted(), ["Rejected", "Unavailable"])
        const rows = rowsIn(
          yield* query("SELECT uid, count() AS times FROM orders FINAL GROUP BY uid FORMAT JSONEachRow")
        )
        assert.deepStrictEqual(new Set(rows.map(({ uid }) => String(uid))), delivered)
        assert.deepStrictEqual(rows.filter(({ times }) => Number(times) !== 1), [])
      })
  )
})
