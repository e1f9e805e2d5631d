import { assert, describe, it } from "@effect/vitest"
import { Cause, Effect } from "effect"
import { LogRecord } from "../../src/index.ts"
import { EventMessage } from "../../src/record/EventMessage.ts"
import { recordsOf } from "../support/capture.ts"

const paid = (isMarked = false) =>
  new EventMessage({
    text: "order paid",
    encode: (given) => ({ fields: { "event.name": "order.paid", order: given, password: "hunter2" }, isMarked })
  }, 1042)

describe("a log call whose message is an event", () => {
  it.effect("is a record with its text, and its fields behind the annotations, where they count", () =>
    Effect.gen(function*() {
      const records = yield* recordsOf(
        Effect.annotateLogs(Effect.logInfo(paid(), Cause.fail("declined")), { tenant: "acme", order: "of the fiber" })
      )
      const [record] = records.map(LogRecord.ordinary)
      assert.strictEqual(record?.message, "order paid")
      assert.deepStrictEqual(record?.annotations, {
        tenant: "acme",
        order: 1042,
        "event.name": "order.paid",
        password: "<redacted>"
      })
      assert.strictEqual(record?.cause?.length, 1)
      assert.strictEqual(records.length, 1)
    }))
})
