/** The examples of docs/frameworks.md: servers that are asked something, and ended. */
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Path } from "effect"
import { examplesFolder } from "./pages.ts"
import { run } from "./programs.ts"

type Json = Readonly<Record<string, unknown>>

/** Runs a server that logs where it listens, asks it, ends it by SIGTERM, and gives what it logged. */
const logOf = (name: string, ask: (url: string) => Promise<void>) =>
  Effect.gen(function*() {
    const path = yield* Path.Path
    let isAsked = false
    const { exitCode, stderr, stdout } = yield* run({
      arguments: [path.join(yield* examplesFolder, name)],
      env: { PORT: "0" },
      onStdout: (line, pid) => {
        const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? []
        if (url === undefined || isAsked) return
        isAsked = true
        void ask(url).finally(() => process.kill(pid, "SIGTERM"))
      }
    })
    assert.strictEqual(stderr, "")
    assert.strictEqual(exitCode, 0)
    return stdout.split("\n").map((line): Json => JSON.parse(line))
  }).pipe(Effect.scoped)

layer(NodeServices.layer, { excludeTestServices: true })("docs/frameworks.md", (it) => {
  it.effect("pino-logger.ts has what Fastify and its handlers log", () =>
    Effect.gen(function*() {
      const lines = yield* logOf("frameworks/pino-logger.ts", async (url) => {
        assert.strictEqual(await (await fetch(`${url}/orders/7`)).text(), "order\n")
      })
      const of = (line: Json | undefined): unknown => line?.["annotations"]
      const found = lines.find(({ message }) => message === "looked for an order")
      assert.deepStrictEqual(of(found), { reqId: "req-1", params: { id: "7" } })
      assert.deepInclude(of(lines.find(({ message }) => message === "request completed")), { reqId: "req-1" })
    }))
})
