import { assert, describe, it } from "@effect/vitest"
import { sequenceOf } from "./actions.ts"
import { report } from "./report.ts"
import { run } from "./run.ts"

const first = Number(process.env["MODEL_SEED"] ?? 1)
const count = Number(process.env["MODEL_COUNT"] ?? 2000)

describe("m", () => {
  it("m", () => {
    const failures: Array<string> = []
    const kinds = new Map<string, number>()
    const t0 = performance.now()
    for (let seed = first; seed < first + count; seed++) {
      const sequence = sequenceOf(seed)
      const failure = run(sequence)
      if (!("violation" in failure)) continue
      const { violation } = failure
      const kind = violation.split("\n")[0]!.replaceAll(/\d+/g, "N").replaceAll(/\[[N, ]*\]/g, "[]").slice(0, 150)
      const n = kinds.get(kind) ?? 0
      kinds.set(kind, n + 1)
      if (n < 1) failures.push(report(sequence, failure))
    }
    console.log(performance.now() - t0)
    console.log(failures.join("\n\n"))
    console.log([...kinds].toSorted((a, b) => b[1] - a[1]).map(([k, n]) => `${n} ${k}`).join("\n"))
    assert.strictEqual(kinds.size, 0)
  }, 100_000)
})
