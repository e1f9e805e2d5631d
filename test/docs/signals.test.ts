import { NodeServices } from "@effect/platform-node"
import { assert, layer, vi } from "@effect/vitest"
import { Effect, Path } from "effect"
import { run } from "./programs.ts"

// Programs are spawned, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 })

const runFixture = (name: string, onStdout: (line: string, pid: number) => void) =>
  Effect.gen(function*() {
    const path = yield* Path.Path
    return yield* run({ arguments: [path.join(import.meta.dirname, "fixtures", name)], onStdout })
  })

layer(NodeServices.layer, { excludeTestServices: true })("signals", (it) => {
  it.effect("the second moves the deadline of shutdown to now, the third ends the process", () =>
    Effect.gen(function*() {
      const ended = yield* runFixture("stuck.ts", (line, pid) => {
        const first = line === "ready"
        const second = line === "signal"
        const third = line.startsWith("SIGTERM")
        if (first || second || third) process.kill(pid, "SIGTERM")
      })
      assert.include(ended.stdout, "SIGTERM balanced=true")
      assert.strictEqual(ended.exitCode, 143)
    }))

  it.effect("without runMain the first one runs shutdown and is raised again", () =>
    Effect.gen(function*() {
      const ended = yield* runFixture("alone.ts", (line, pid) => {
        if (line.includes("ready")) process.kill(pid, "SIGTERM")
      })
      assert.match(ended.stderr, /^shutdown: SIGTERM after/)
      assert.strictEqual(ended.exitCode, "SIGTERM")
    }))
})
