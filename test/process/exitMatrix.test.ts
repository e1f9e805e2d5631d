import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import { temporary } from "./files.ts"
import { run } from "./program.ts"

const Cells = Schema.fromJsonString(Schema.Array(Schema.Struct({
  event: Schema.String,
  accepted: Schema.Int,
  kept: Schema.Int,
  repeated: Schema.Int,
  broken: Schema.Int,
  code: Schema.NullOr(Schema.Int),
  signal: Schema.NullOr(Schema.String)
})))

/** The exit code that each end is to have; a signal that nobody can handle instead of one. */
const ends = {
  "natural end": 0,
  "process.exit": 0,
  "uncaught exception": 1,
  "unhandled rejection": 1,
  "SIGTERM": 130,
  "SIGTERM twice": 130,
  "SIGINT": 130,
  "SIGINT twice": 130,
  "SIGTERM while blocked": 130,
  "SIGHUP": 0
}

describe("the exit matrix", () => {
  it.live("with the hooks every line survives every end but SIGKILL, whole", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const json = yield* temporary("matrix.json")
      const ended = yield* run("scratchpad/exits/main.ts", ["--only", "spillway", "--json", json])
      const cells = yield* Schema.decodeEffect(Cells)(yield* fs.readFileString(json))

      assert.strictEqual(ended.code, 0, ended.stderr)
      for (const [event, code] of Object.entries(ends)) {
        assert.strictEqual(cells.find((cell) => cell.event === event)?.code, code, event)
      }
      for (const { accepted, broken, event, kept, signal } of cells) {
        assert.include(ended.stdout, `| ${event} | ${kept}`)
        if (event === "SIGKILL") continue
        assert.deepStrictEqual({ event, kept, broken, signal }, { event, kept: accepted, broken: 0, signal: null })
      }
    }).pipe(Effect.provide(NodeServices.layer)))
})
