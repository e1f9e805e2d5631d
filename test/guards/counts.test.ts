import { assert, describe, it } from "@effect/vitest"
import { Config, Effect, Schema } from "effect"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { repository, startCommand } from "../process/program.ts"
import { changes, type Counts } from "./changes.ts"
import { workloads } from "./workloads.ts"

const file = join(import.meta.dirname, "counts.json")
const program = join(import.meta.dirname, "program.ts")

/** Allocations are those of the engine of one version. */
const pinnedNode = join(repository, "node_modules", ".bin", "node")
const flags = [
  "--expose-gc",
  // Where everything fits that is allocated, so that nothing is collected.
  "--min-semi-space-size=128",
  "--max-semi-space-size=128",
  // When compiled code takes the place of what is interpreted is decided by time and by other threads.
  "--no-opt",
  "--no-maglev",
  "--single-threaded",
  "--no-flush-bytecode"
]

const Numbers = Schema.Record(Schema.String, Schema.Finite)
const parseCounts = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Record(Schema.String, Numbers)))
const parseNumbers = Schema.decodeUnknownSync(Schema.fromJsonString(Numbers))

const countsOf = (workload: string) =>
  Effect.gen(function*() {
    const started = yield* startCommand(pinnedNode, [...flags, program, workload], { env: { NODE_OPTIONS: "" } })
    const { code, stderr, stdout } = yield* started.end
    assert.strictEqual(code, 0, stderr)
    return parseNumbers(stdout)
  })

const readCounts = (): Readonly<Record<string, Counts>> => parseCounts(readFileSync(file, "utf8"))

const keep = (workload: string, counts: Counts): void =>
  writeFileSync(file, `${JSON.stringify({ ...readCounts(), [workload]: counts }, undefined, 2)}\n`)

describe("counted guards", () => {
  for (const workload of Object.keys(workloads)) {
    it.live(`workload ${workload}: no count grows or shrinks by more than 10 %`, () =>
      Effect.gen(function*() {
        const counts = yield* countsOf(workload)
        if (yield* Config.withDefault(Config.Boolean("UPDATE_COUNTS"), false)) return keep(workload, counts)
        assert.deepStrictEqual(changes(workload, readCounts()[workload] ?? {}, counts), [])
      }))
  }

  it("every workload in the file of counts is counted", () => {
    assert.deepStrictEqual(Object.keys(readCounts()), Object.keys(workloads))
  })

  it("a change is told with the count, what it was, what it is and the share", () => {
    const of = (n: number): Counts => ({ batches: n })
    const changed = (before: Counts, now: Counts) => changes("S", before, now)
    assert.deepStrictEqual(changed(of(100), of(110)), [])
    assert.deepStrictEqual(changed(of(100), of(90)), [])
    assert.deepStrictEqual(changed(of(0), of(0)), [])
    assert.deepStrictEqual(changed(of(100), of(111)), [
      "workload S, batches: 100 before, 111 now (+11.0 %), where at most 10 % more is allowed"
    ])
    assert.deepStrictEqual(changed(of(0), of(1)), [
      "workload S, batches: 0 before, 1 now, where at most 10 % more is allowed"
    ])
    assert.deepStrictEqual(changed(of(100), of(89)), [
      "workload S, batches: 100 before, 89 now (-11.0 %): write the counts anew with UPDATE_COUNTS=1, to keep what was won"
    ])
    assert.deepStrictEqual(changed({}, of(1)), [
      "workload S, batches: 1 now and unknown before: write the counts anew with UPDATE_COUNTS=1"
    ])
    assert.deepStrictEqual(changed(of(1), {}), [
      "workload S, batches: 1 before, and not counted now: write the counts anew with UPDATE_COUNTS=1"
    ])
  })
})
