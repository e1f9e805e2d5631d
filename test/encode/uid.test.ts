import { assert, describe, it } from "@effect/vitest"
import { LogEncoder, LogRecord } from "../../src/index.ts"

const record = LogRecord.make({
  message: "order placed",
  time: 0,
  seq: 1295,
  runtimeId: "Zr0aB-9_cD1eF2gH",
  annotations: { uid: "ada", order: 1 }
})
const { uid } = record
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

describe("the uid of a record in a line", () => {
  it("is there only when it is asked for", () => {
    for (const encoder of [LogEncoder.json(), LogEncoder.logfmt(), LogEncoder.pretty(), LogEncoder.make("json")]) {
      assert.notInclude(encoder.encode(record), uid)
    }
  })

  it("is a field of JSON, under another name if that is taken", () => {
    assert.strictEqual(JSON.parse(LogEncoder.json({ uid: true }).encode(record)).uid, uid)
    const flat = LogEncoder.json({ uid: true, annotations: "flat" }).encode(record)
    assert.deepInclude(JSON.parse(flat), { uid, "annotations.uid": "ada", order: 1 })
    const named = LogEncoder.json({ uid: true, annotations: "flat", fields: { uid: "log.record.uid" } }).encode(record)
    assert.deepInclude(JSON.parse(named), { "log.record.uid": uid, uid: "ada" })
  })

  it("is that of each record of a batch", () => {
    const batch = Array.from({ length: 5 }, (_, seq) => LogRecord.make({ seq, message: `a${seq}`, time: 0 }))
    for (const format of ["json", "logfmt", "pretty"] as const) {
      const lines = decode(LogEncoder.make(format, { uid: true }).encodeBatch(batch)).trimEnd().split("\n")
      assert.deepStrictEqual(lines.map((line, i) => line.includes(batch[i]?.uid ?? "none")), batch.map(() => true))
    }
  })

  it("is that of its runtime and of its number, whatever these are", () => {
    const runtimes = ["Zr0aB-9_cD1eF2gH", "made", "\ud83d", "\"\\\u007f\n", "größe\u2028", ""]
    const numbers = [0, 9, 10, 35, 36, 1295, 1296, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 1e300, -1, 0.5, Number.NaN]
    const batch = numbers.flatMap((seq) =>
      runtimes.map((runtimeId) => LogRecord.make({ seq, runtimeId, message: seq % 2 === 0 ? "even" : {}, time: 0 }))
    )
    const encoder = LogEncoder.json({ uid: true })
    const lines = decode(encoder.encodeBatch(batch)).trimEnd().split("\n")
    assert.deepStrictEqual(lines, batch.map((one) => encoder.encode(one)))
    assert.deepStrictEqual(lines.map((line) => JSON.parse(line).uid), batch.map((one) => one.uid))
  })

  it("is a key of logfmt, and an annotation of that name another, for encoders that print it", () => {
    const [without, beside] = [LogEncoder.logfmt(), LogEncoder.logfmt({ uid: true })]
    for (let i = 0; i < 2; i++) {
      assert.include(without.encode(record), " uid=ada order=1")
      assert.include(beside.encode(record), ` uid=${uid} `)
      assert.include(beside.encode(record), " annotations.uid=ada order=1")
    }
  })

  it("is the last field of a line for people", () => {
    assert.include(LogEncoder.pretty({ uid: true }).encode(record), ` uid=ada order=1 uid=${uid}`)
  })
})
