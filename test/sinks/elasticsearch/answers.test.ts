import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import { LogRecord, type LogSink } from "../../../src/index.ts"
import { errorOf } from "../../../src/sinks/elasticsearch/answers.ts"
import type { Answer } from "../../../src/sinks/http/answer.ts"
import { answerOf, busy, failed, type Item } from "../../servers/bulk.ts"

const batchOf = (count: number): ReadonlyArray<LogRecord.LogRecord> =>
  Array.from({ length: count }, (_, seq) => LogRecord.make({ message: "placed", seq }))

const answer = (status: number, body = "", more: Partial<Answer> = {}): Answer => ({
  status,
  headers: {},
  bytes: Buffer.from(body),
  body,
  isCut: false,
  at: 0,
  ...more
})

const ofItems = (items: ReadonlyArray<Item>): LogSink.SinkError | undefined =>
  errorOf(answer(200, answerOf(items)), batchOf(items.length), "es:9200")

const ofWhole = (status: number, body = "", headers: Answer["headers"] = {}): LogSink.SinkError | undefined =>
  errorOf(answer(status, body, { headers }), batchOf(2), "es:9200")

const stored: Item = { status: 201 }
const conflict = failed(409, "version_conflict_engine_exception", "[x]: version conflict, document already exists")
const unfit = failed(400, "document_parsing_exception", "[1:42] failed to parse field [a] of type [long]")

/** What becomes of the second of three records whose others are stored. */
const fateOf = (item: Item): string => {
  const error = ofItems([stored, item, conflict])
  if (error === undefined) return "stored"
  const { reason } = error
  if (reason._tag !== "PerRecord") return reason._tag
  const { again = [], ambiguous, refused = [] } = reason
  if (again.length === 0) return refused.map(({ record }) => record).join() === "1" ? "refused" : "others"
  if (again.join() !== "1" || refused.length > 0) return "others"
  return ambiguous === true ? "again, may be stored" : "again"
}

describe("what an answer for one record means to the sink for Elasticsearch", () => {
  it.each<[item: Item, fate: string]>([
    [stored, "stored"],
    [{ status: 200 }, "stored"],
    [conflict, "stored"],
    [{ status: 409 }, "stored"],
    [failed(409, "resource_busy_exception"), "again"],
    [failed(429, "es_rejected_execution_exception"), "again"],
    [failed(503, "cluster_block_exception", "blocked by: [SERVICE_UNAVAILABLE/2/no master]"), "again"],
    [failed(500, "timeout_exception"), "again, may be stored"],
    [failed(502, "receive_timeout_transport_exception"), "again, may be stored"],
    [failed(503, "unavailable_shards_exception"), "again"],
    [failed(504, "no_node_available_exception"), "again, may be stored"],
    [unfit, "refused"],
    [failed(400, "mapper_parsing_exception"), "refused"],
    [failed(400, "illegal_argument_exception", "Limit of total fields [1000] has been exceeded"), "refused"],
    [failed(400, "strict_dynamic_mapping_exception"), "refused"],
    [failed(413, "x"), "refused"],
    [{ status: 400 }, "refused"],
    [failed(408, "timeout_exception"), "again"],
    [{ status: 302 }, "again, may be stored"],
    [{ status: 202 }, "again, may be stored"],
    [{ status: 0 }, "again, may be stored"],
    [failed(201, "mapper_parsing_exception"), "again, may be stored"],
    [failed(409, "Version conflict, of some kind"), "again"],
    [failed(401, "security_exception"), "again"],
    [failed(403, "security_exception"), "again"],
    [failed(403, "cluster_block_exception"), "again"],
    [failed(404, "index_not_found_exception"), "again"],
    [failed(400, "index_closed_exception"), "again"],
    [failed(400, "invalid_index_name_exception"), "again"],
    [
      failed(400, "validation_exception", "this action would add [2] shards, but this cluster has [1000]/[1000]"),
      "again"
    ],
    [failed(400, "illegal_argument_exception", "pipeline with id [orders] does not exist"), "again"],
    [failed(400, "illegal_argument_exception", "no write index is defined for alias [orders]"), "again"],
    [
      failed(400, "illegal_argument_exception", "Document ID is not supported in create/index operation request"),
      "again"
    ]
  ])("%j: %s", (item, fate) => {
    assert.strictEqual(fateOf(item), fate)
  })

  it("needs somebody where nothing is left but what is about where documents go", () => {
    const missing = failed(404, "index_not_found_exception", "no such index [orders] and [action.auto_create_index]")
    const full = failed(429, "cluster_block_exception", "index [a] blocked by: [TOO_MANY_REQUESTS/12/disk usage]")
    assert.strictEqual(ofItems([full])?.reason._tag, "Misconfigured")
    for (const items of [[missing, missing], [missing, busy]]) {
      const error = ofItems(items)
      assert.strictEqual(error?.reason._tag, "Misconfigured")
      assert.match(String(error?.message), /^es:9200 takes no records \(index_not_found_exception/)
    }
    for (const other of [stored, conflict, unfit]) {
      assert.strictEqual(ofItems([missing, other])?.reason._tag, "PerRecord")
    }
    assert.strictEqual(ofItems([busy, busy])?.reason._tag, "PerRecord")
    const lost = ofItems([missing, failed(500, "timeout_exception")])
    assert.deepInclude(lost?.reason, { _tag: "PerRecord", again: [0, 1], ambiguous: true })
  })

  it("says when to come again", () => {
    const headers = { "retry-after": "7" }
    const error = errorOf(answer(200, answerOf([failed(429, "x")]), { headers }), batchOf(1), "es")
    const reason = error?.reason
    if (reason?._tag !== "PerRecord" || !Duration.isDuration(reason.retryAfter)) return assert.fail()
    assert.strictEqual(Duration.toSeconds(reason.retryAfter), 7)
  })

  it("is shown by the names of the errors, and nothing that quotes", () => {
    const items = [
      unfit,
      failed(429, "es_rejected_execution_exception", "hunter2"),
      failed(400, "hunter2 is a Secret", "hunter2"),
      failed(400, "mapper_parsing_exception", "hunter2"),
      stored
    ]
    assert.strictEqual(
      ofItems(items)?.message,
      "es:9200 did not store 4 of 5 records (document_parsing_exception, es_rejected_execution_exception, 400 and others)"
    )
  })

  it.each<[reason: string, said: string]>([
    ["[1:42] failed to parse field [a.b] of type [long]", "t: failed to parse field [a.b] of type [long]"],
    [
      "[1:245] failed to parse field [a] of type [long] in document with id 'xyz'. Preview of field's value: 'hunter2'",
      "t: failed to parse field [a] of type [long]"
    ],
    ["failed to parse: enable `JsonReadFeature.X` to allow\n at [Source: (byte[])\"hunter2\"]", "t: failed to parse"],
    ["Unexpected character\n at [Source: (byte[])\"hunter2\"]", "t: Unexpected character"],
    [
      "immense term in field=\"a\". The prefix of the first immense term is: '[104, 117]...'",
      "t: immense term in field=\"a\""
    ],
    [
      "Provided Grok expressions do not match field value: [hunter2]",
      "t: Provided Grok expressions do not match field value"
    ],
    ["unable to convert [hunter2] to integer", "t: unable to convert"],
    ["For input string: \"hunter2\"", "t"],
    ["line\nbreak \u001b[31m", "t: line\\nbreak \\u001b[31m"],
    ["", "t"]
  ])("is in the dead letter without what it quotes: %j", (reason, said) => {
    const found = ofItems([failed(400, "t", reason)])?.reason
    assert.deepStrictEqual(found?._tag === "PerRecord" ? found.refused : [], [{ record: 0, message: said }])
  })

  it("is bounded in the dead letter", () => {
    const found = ofItems([failed(400, "t", "x".repeat(100_000))])?.reason
    if (found?._tag !== "PerRecord") return assert.fail()
    assert.isBelow(found.refused?.[0]?.message.length ?? Infinity, 600)
  })
})

describe("an answer that does not tell of each record", () => {
  const whole = answerOf([stored, stored])

  it.each<[what: string, body: string, more?: Partial<Answer>]>([
    ["is empty", ""],
    ["is no JSON", "<html>"],
    ["breaks off", whole.slice(0, -1)],
    ["is cut in its first item", whole.slice(0, -30), { isCut: true }],
    ["is cut, and tells of more than there are", answerOf(Array.from({ length: 9 }, () => stored)), { isCut: true }],
    ["has one item less", answerOf([stored])],
    ["has one item more", answerOf([stored, stored, stored])],
    ["has no items", `{"errors":false}`],
    ["has items of another kind", `{"errors":false,"items":{}}`],
    ["is no object", "7"]
  ])("says nothing where it %s: all may be stored", (_, body, more) => {
    const error = errorOf(answer(200, body, more), batchOf(2), "es:9200")
    assert.strictEqual(error?.message, "es:9200 answered 200 with what does not tell of each record")
    assert.deepInclude(error?.reason, { _tag: "Unavailable", ambiguous: true })
  })

  it.each([1, 7, 16])("tells of the first ones where it is cut by %i characters", (count) => {
    const body = answerOf([stored, unfit, busy, stored, stored]).slice(0, -count)
    const error = errorOf(answer(200, body, { isCut: true }), batchOf(5), "es:9200")
    assert.strictEqual(
      error?.message,
      "es:9200 did not store 3 of 5 records (document_parsing_exception, es_rejected_execution_exception, no status)"
    )
    assert.deepInclude(error?.reason, { _tag: "PerRecord", again: [2, 4], ambiguous: true })
  })

  it.each([
    [`{"index":{"status":201}}`],
    ["null"],
    [`{"create":{}}`],
    [`{"create":{"status":"201"}}`],
    [`{"create":[]}`]
  ])("says nothing of one record where its item is %s", (item) => {
    const error = errorOf(answer(200, `{"items":[{"create":{"status":201}},${item}]}`), batchOf(2), "es:9200")
    assert.deepInclude(error?.reason, { _tag: "PerRecord", again: [1], refused: [], ambiguous: true })
  })
})

describe("an answer to all of a request", () => {
  const said = (type: string): string => JSON.stringify({ error: { type, reason: "hunter2" }, status: 400 })

  it.each<[status: number, body: string, tag: string]>([
    [429, "", "Unavailable"],
    [429, said("es_rejected_execution_exception"), "Unavailable"],
    [429, said("cluster_block_exception"), "Misconfigured"],
    [503, said("cluster_block_exception"), "Unavailable"],
    [500, "", "Unavailable"],
    [502, "", "Unavailable"],
    [503, "", "Unavailable"],
    [504, "", "Unavailable"],
    [413, "", "TooLarge"],
    [401, "", "Misconfigured"],
    [403, "", "Misconfigured"],
    [404, said("index_not_found_exception"), "Misconfigured"],
    [406, "", "Misconfigured"],
    [302, "", "Misconfigured"],
    [400, said("illegal_argument_exception"), "Misconfigured"],
    [400, said("invalid_index_name_exception"), "Misconfigured"],
    [400, said("x_content_parse_exception"), "Rejected"],
    [400, said("action_request_validation_exception"), "Rejected"],
    [400, said("media_type_header_exception"), "Misconfigured"],
    [422, said("cluster_block_exception"), "Misconfigured"],
    [400, "", "Misconfigured"],
    [400, "<html>The plain HTTP request was sent to HTTPS port</html>", "Misconfigured"],
    [400, `{"error":"hunter2"}`, "Misconfigured"],
    [422, `[]`, "Misconfigured"]
  ])("%i %s: %s", (status, body, tag) => {
    const error = ofWhole(status, body)
    assert.strictEqual(error?.reason._tag, tag)
    assert.notInclude(String(error?.message), "hunter2")
  })

  it("says that the request may have come through where it may have", () => {
    const ambiguous = (status: number) => ofWhole(status)?.reason
    assert.deepInclude(ambiguous(502), { ambiguous: true })
    assert.deepInclude(ambiguous(503), { ambiguous: false })
    assert.deepInclude(ambiguous(429), { ambiguous: false })
  })
})
