import { it } from "@effect/vitest"
import { Effect } from "effect"
import { LogSink, SinkConformance } from "../../src/index.ts"
import { make } from "./sinks-record-by-record.ts"

/** What answers with 201 for each line, unless it is told otherwise. */
const makeIndex = () => {
  const lines: Array<string> = []
  let statuses: ReadonlyArray<number> = []
  return {
    lines,
    answerNext: (...next: ReadonlyArray<number>): void => {
      statuses = next
    },
    send: (sent: ReadonlyArray<string>) => {
      const items = sent.map((line, i) => ({ line, status: statuses[i] ?? 201, reason: "as told" }))
      statuses = []
      lines.push(...items.filter(({ status }) => status < 300).map(({ line }) => line))
      return Promise.resolve(items)
    }
  }
}

const cases = SinkConformance.cases({
  make: Effect.sync(() => {
    const far = makeIndex()
    return { sink: LogSink.withOptions(make(far.send), { batchWindow: 0 }), far }
  }),
  stored: ({ lines }) => Effect.sync(() => lines.map((bytes) => ({ id: JSON.parse(bytes).uid, bytes }))),
  answers: {
    secondRefused: ({ answerNext }) => Effect.sync(() => answerNext(201, 400)),
    secondRefusedThirdAgain: ({ answerNext }) => Effect.sync(() => answerNext(201, 400, 429))
  }
})

for (const { name, rule, run } of cases) it.effect(`${rule}: ${name}`, () => run)
