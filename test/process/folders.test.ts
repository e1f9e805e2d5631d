import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem } from "effect"
import { DeadLetters } from "../../src/index.ts"
import * as SpoolStore from "../../src/spool/SpoolStore.ts"
import { recordsOf, reportIn } from "./files.ts"
import { fixture, run } from "./program.ts"

describe("F69: a program that goes to another folder", () => {
  it.layer(NodeServices.layer, { excludeTestServices: true })((it) => {
    it.effect("keeps its file, spool, dead letters and last resort where they were", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const root = yield* fs.makeTempDirectoryScoped()
        const ended = yield* run(fixture("wandering"), [root, "relative"])
        assert.strictEqual(ended.code, 0, ended.stderr)
        assert.deepStrictEqual(yield* fs.readDirectory(`${root}/elsewhere`), [])
        const records = yield* recordsOf(`${root}/start/logs/app.ndjson`)
        assert.strictEqual(records.length, 62)
        const spool = yield* SpoolStore.open({ directory: `${root}/start/spool`, lane: "unavailable" })
        assert.deepStrictEqual([spool.recovery.records, spool.recovery.corruptRecords], [62, 0])
        spool.close()
        const letters = yield* DeadLetters.open({ directory: `${root}/start/letters`, lane: "rejecting" })
        assert.strictEqual(letters.records, 61)
        letters.close()
        const last = yield* recordsOf(`${root}/start/last.ndjson`)
        assert.deepStrictEqual(last.map(({ message }) => message), ["at the very end"])
      }))

    it.effect("says what is nowhere when the folder it began in was removed, and goes on", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const root = yield* fs.makeTempDirectoryScoped()
        const ended = yield* run(fixture("wandering"), [root, "relative", "removed"])
        assert.strictEqual(ended.code, 0, ended.stderr)
        assert.isTrue((yield* reportIn(ended.stderr)).balanced)
        for (const name of ["spool", "letters"]) {
          assert.match(
            ended.stderr,
            new RegExp(`the spool directory "${name}" is nowhere, because the working directory was`)
          )
        }
        assert.match(ended.stderr, /cannot open "logs\/app\.ndjson".*ENOENT/)
      }))

    it.effect("needs no working directory for absolute paths", () =>
      Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        const root = yield* fs.makeTempDirectoryScoped()
        const ended = yield* run(fixture("wandering"), [root, "absolute", "removed"])
        assert.strictEqual(ended.code, 0, ended.stderr)
        assert.strictEqual((yield* recordsOf(`${root}/start/logs/app.ndjson`)).length, 62)
        const spool = yield* SpoolStore.open({ directory: `${root}/start/spool`, lane: "unavailable" })
        assert.strictEqual(spool.recovery.records, 62)
        spool.close()
      }))
  })
})
