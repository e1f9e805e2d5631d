import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import * as Acknowledged from "../../scratchpad/examples/sinks-acknowledged.ts"
import * as RecordByRecord from "../../scratchpad/examples/sinks-record-by-record.ts"
import type { LogSink } from "../../src/index.ts"
import { makeLane } from "../support/lanes.ts"

const messageOf = (line: string): unknown => {
  const { message }: { readonly message: unknown } = JSON.parse(line)
  return message
}

describe("the sinks of docs/sinks/your-own.md", () => {
  it.effect("record by record: what is busy is sent again, what is there counts as delivered", () =>
    Effect.gen(function*() {
      const sent: Array<ReadonlyArray<unknown>> = []
      const statuses = [[201, 409, 429, 400, 503]]
      const sink = RecordByRecord.make((lines) => {
        sent.push(lines.map(messageOf))
        const answer = statuses.shift() ?? lines.map(() => 201)
        return Promise.resolve(answer.map((status) => ({ status, reason: "a reason" })))
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(5)
      yield* TestClock.adjust("1 second")
      yield* Effect.promise(() => Promise.resolve())
      yield* TestClock.adjust("10 seconds")
      yield* lane.flush
      assert.deepStrictEqual(sent, [[0, 1, 2, 3, 4], [2, 4]])
      assert.deepStrictEqual([lane.books().delivered, lane.books().dropped.rejected_by_server], [4, 1])
    }))

  it.effect("acknowledged: what was acknowledged before the connection closed is not sent again", () =>
    Effect.gen(function*() {
      const sent: Array<ReadonlyArray<unknown>> = []
      let open = 0
      const sink = Acknowledged.make(() => {
        const lines: Array<unknown> = []
        sent.push(lines)
        open++
        let acknowledge: LogSink.Acknowledge = () => {}
        let close = (): void => {}
        return {
          onAcknowledged(listener) {
            acknowledge = listener
          },
          onClosed(listener) {
            close = listener
          },
          send(id, line) {
            lines.push(messageOf(line))
            if (sent.length > 1 || id % 2 === 1) acknowledge(id)
            else if (id === 4) close()
          },
          close() {
            open--
          }
        }
      })
      const { lane, offer } = yield* makeLane(sink)
      offer(6)
      yield* TestClock.adjust("10 seconds")
      yield* lane.flush
      assert.deepStrictEqual(sent, [[0, 1, 2, 3, 4, 5], [0, 2, 4]])
      assert.strictEqual(lane.books().delivered, 6)
      assert.strictEqual(open, 0)
    }))
})
