import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Schema } from "effect"
import { LogRecord } from "../../src/index.ts"
import { LaneQueue } from "../../src/lane/LaneQueue.ts"

const record = (seq: number): LogRecord.LogRecord => LogRecord.make({ seq, message: seq })
const seqs = (records: ReadonlyArray<LogRecord.LogRecord>): ReadonlyArray<number> => records.map(({ seq }) => seq)

const step = Schema.Struct({
  kind: Schema.Literals(["push", "push", "shift", "take", "takeAll"]),
  count: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 3000 }))
})

describe("the queue of a lane", () => {
  it.effect.prop(
    "gives records in the order they came, whatever is taken when",
    { steps: Arbitrary.array(Arbitrary.schema(step), { minLength: 1, maxLength: 20 }) },
    ({ steps }) =>
      Effect.sync(() => {
        const queue = new LaneQueue()
        let expected: Array<number> = []
        let next = 0
        for (const { count, kind } of steps) {
          switch (kind) {
            case "push":
              for (let i = 0; i < count; i++) {
                expected.push(next)
                queue.push(record(next++))
              }
              break
            case "shift":
              for (let i = 0; i < count; i++) assert.strictEqual(queue.shift()?.seq, expected[i])
              expected = expected.slice(count)
              break
            case "take": {
              const most = Math.min(count, queue.size)
              assert.strictEqual(queue.at(most)?.seq, expected[most])
              assert.deepStrictEqual(seqs(queue.take(most)), expected.slice(0, most))
              expected = expected.slice(most)
              break
            }
            case "takeAll":
              assert.deepStrictEqual(seqs(queue.takeAll()), expected)
              expected = []
          }
          assert.strictEqual(queue.size, expected.length)
        }
      }),
    { arbitrary: { runs: 100 } }
  )

  it("keeps no record alive that was taken", () => {
    const queue = new LaneQueue()
    for (let i = 0; i < 100; i++) queue.push(record(i))
    queue.take(50)
    queue.shift()
    const held = Object.values(queue).flat().filter((each) => each instanceof LogRecord.LogRecord && each.seq < 51)
    assert.deepStrictEqual(held.map(({ message }) => message).filter((message) => message !== undefined), [])
  })
})
