/** `npm run engines`: what is here, and how to get the rest. */
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, FileSystem, Path } from "effect"
import { run } from "./program.ts"

layer(NodeServices.layer, { excludeTestServices: true })("npm run engines", (it) => {
  it.effect("says where each is, which are missing, and how to get these", () =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const folder = yield* fs.makeTempDirectoryScoped()
      const protoc = path.join(folder, "protoc")
      yield* fs.writeFileString(protoc, "#!/bin/sh\n", { mode: 0o755 })
      const some = yield* run("scratchpad/engines/main.ts", [], { env: { PATH: folder } })
      assert.strictEqual(some.code, 1)
      assert.deepStrictEqual(some.stdout.split("\n"), [
        protoc,
        "clickhouse-server is missing: without it no test judges what is inserted into ClickHouse",
        "apt-get update && apt-get install -y --no-install-recommends clickhouse-server",
        ""
      ])
      const packages = yield* run("scratchpad/engines/main.ts", ["--packages"], { env: { PATH: folder } })
      assert.deepStrictEqual([packages.code, packages.stdout], [0, "clickhouse-server\n"])
    }))
})
