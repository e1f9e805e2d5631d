import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import { LogRecord, type LogSink } from "../../../src/index.ts"
import type { Answer } from "../../../src/sinks/http/answer.ts"
import { errorOf } from "../../../src/sinks/otlp/answers.ts"
import { encodeResponse } from "./decoders.ts"

const utf8 = new TextEncoder()
const batch = Array.from({ length: 5 }, (_, seq) => LogRecord.make({ message: "placed", seq }))

const answer = (status: number, bytes: Uint8Array | string = "", headers: Answer["headers"] = {}): Answer => {
  const all = typeof bytes === "string" ? utf8.encode(bytes) : bytes
  return { status, headers, bytes: all, body: new TextDecoder().decode(all), isCut: false, at: 0 }
}

const protobuf = (bytes: Uint8Array | string): LogSink.SinkError | undefined =>
  errorOf(answer(200, bytes, { "content-type": "application/x-protobuf" }), batch, "c:4318", false)

const json = (body: string): LogSink.SinkError | undefined => errorOf(answer(200, body), batch, "c:4318", true)

const shown = (error: LogSink.SinkError | undefined): unknown => error && { ...error.reason, message: error.message }

describe("what a status means to the sink for OpenTelemetry", () => {
  it("is by the rules of OTLP, for every status that there is", () => {
    const tags: Record<string, Array<number>> = {}
    for (let status = 200; status < 600; status++) {
      const tag = errorOf(answer(status), batch, "c", false)?.reason._tag ?? "delivered"
      ;(tags[tag] ??= []).push(status)
    }
    const { Misconfigured, Rejected = [], TooLarge, Unavailable, delivered } = tags
    assert.deepStrictEqual(Unavailable, [429, 502, 503, 504])
    assert.deepStrictEqual(TooLarge, [413])
    assert.deepStrictEqual(Misconfigured, [...Array.from({ length: 100 }, (_, i) => 300 + i), 401, 403, 404])
    assert.strictEqual(delivered?.length, 100)
    for (const status of [400, 402, 405, 408, 425, 500, 501, 599]) assert.include(Rejected, status)
  })

  it("F14: says when to come again, and that the batch may be stored", () => {
    const headers = { "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT", date: "Thu, 01 Jan 2026 00:00:00 GMT" }
    const reason = errorOf(answer(504, "", headers), batch, "c", false)?.reason
    assert.strictEqual(reason?._tag, "Unavailable")
    if (reason?._tag !== "Unavailable" || !Duration.isDuration(reason.retryAfter)) return assert.fail()
    assert.strictEqual(Duration.toSeconds(reason.retryAfter), 30)
    assert.isTrue(reason.ambiguous)
  })

  it("is without what the server says of an error", () => {
    assert.strictEqual(errorOf(answer(400, "hunter2"), batch, "c:4318", true)?.message, "c:4318 answered 400")
  })
})

describe("a partial success", () => {
  const refused = (count: number, message: string) => ({ _tag: "Rejected", count, message })

  it.each<[body: string, said: unknown]>([
    ["", undefined],
    ["{}", undefined],
    [`{"partialSuccess":{}}`, undefined],
    [`{"partialSuccess":null}`, undefined],
    [`{"partialSuccess":{"rejectedLogRecords":"0"}}`, undefined],
    [`{"partialSuccess":{"rejectedLogRecords":"2"}}`, refused(2, "c:4318 refused 2 of 5 records")],
    [
      `{"partialSuccess":{"rejectedLogRecords":2,"errorMessage":"old\\nones"}}`,
      refused(2, "c:4318 refused 2 of 5 records: old\\nones")
    ],
    [`{"partialSuccess":{"rejectedLogRecords":"200"}}`, refused(5, "c:4318 refused 5 of 5 records")],
    [`{"partialSuccess":{"errorMessage":"hm"}}`, refused(0, "c:4318 has taken all records and says: hm")],
    [`{"partialSuccess":{"rejectedLogRecords":-1,"errorMessage":7}}`, undefined],
    [`{"partialSuccess":{"rejectedLogRecords":"many"}}`, undefined],
    [`{"partialSuccess":[1]}`, undefined],
    [`{"partialSuccess":`, undefined],
    ["<html>", undefined],
    ["7", undefined]
  ])("in JSON: %s", (body, said) => {
    assert.deepStrictEqual(shown(json(body)), said)
  })

  it("in protobuf, as protobufjs writes it", () => {
    const of = (rejectedLogRecords: number, errorMessage: string) =>
      shown(protobuf(encodeResponse({ partialSuccess: { rejectedLogRecords, errorMessage } })))
    assert.deepStrictEqual(of(2, ""), refused(2, "c:4318 refused 2 of 5 records"))
    assert.deepStrictEqual(of(2 ** 40, "größe"), refused(5, "c:4318 refused 5 of 5 records: größe"))
    assert.deepStrictEqual(of(0, "hm"), refused(0, "c:4318 has taken all records and says: hm"))
    assert.isUndefined(of(-3, ""))
    assert.isUndefined(shown(protobuf(encodeResponse({}))))
  })

  it("in protobuf, with fields that nobody knows", () => {
    const more = [0x18, 0x01, 0x21, 1, 2, 3, 4, 5, 6, 7, 8, 0x2d, 1, 2, 3, 4]
    assert.deepStrictEqual(
      shown(protobuf(Uint8Array.of(0x0a, 2 + more.length, 0x08, 3, ...more, ...more))),
      refused(3, "c:4318 refused 3 of 5 records")
    )
  })

  it.each<[what: string, bytes: ReadonlyArray<number>]>([
    ["a length that is too long", [0x0a, 0x7f, 0x08, 0x03]],
    ["half a length", [0x0a]],
    ["half a number", [0x0a, 0x02, 0x08, 0x80]],
    ["a number without an end", [0x0a, 0x0c, 0x08, ...Array.from({ length: 11 }, () => 0x80)]],
    ["field 0", [0x02, 0x00, 0x0a, 0x02, 0x08, 0x03]],
    ["a group", [0x0b, 0x0a, 0x02, 0x08, 0x03]],
    ["a number where a message should be", [0x08, 0x03]],
    ["half a double", [0x0a, 0x02, 0x08, 0x03, 0x21, 1, 2]]
  ])("that cannot be read says nothing: %s", (_, bytes) => {
    assert.isUndefined(protobuf(Uint8Array.from(bytes)))
  })

  it("is read in the encoding that the server names", () => {
    const body = `{"partialSuccess":{"rejectedLogRecords":"2"}}`
    const named = answer(200, body, { "content-type": "application/json; charset=utf-8" })
    assert.strictEqual(errorOf(named, batch, "c", false)?.reason._tag, "Rejected")
    assert.isUndefined(errorOf(answer(200, body), batch, "c", false))
  })

  it("is bounded in what is shown of it", () => {
    const error = json(JSON.stringify({ partialSuccess: { errorMessage: "x".repeat(60_000) } }))
    assert.isBelow(String(error?.message).length, 400)
  })
})
