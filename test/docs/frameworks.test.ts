/** The examples of docs/frameworks.md: servers that are asked something, and ended. */
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { Effect, Path } from "effect"
import { examplesFolder, page } from "./pages.ts"
import { run } from "./programs.ts"

type Json = Readonly<Record<string, unknown>>

const addressOf = (line: string): string | undefined => {
  const [, url, port] = /(http:\/\/127\.0\.0\.1:\d+)|"port":(\d+)/.exec(line) ?? []
  return url ?? (port === undefined ? undefined : `http://127.0.0.1:${port}`)
}

/** Runs a server that logs where it listens, asks it, ends it by SIGTERM while it still answers, and gives what it logged. */
const logOf = (name: string, ask: (url: string, end: () => void) => Promise<void>) =>
  Effect.gen(function*() {
    const path = yield* Path.Path
    let isAsked = false
    const { exitCode, stderr, stdout } = yield* run({
      arguments: [path.join(yield* examplesFolder, name)],
      env: { PORT: "0" },
      onStdout: (line, pid) => {
        const url = addressOf(line)
        if (url === undefined || isAsked) return
        isAsked = true
        const end = (): void => void process.kill(pid, "SIGTERM")
        void ask(url, end).finally(end)
      }
    })
    assert.strictEqual(stderr, "")
    assert.strictEqual(exitCode, 0)
    return stdout.split("\n").map((line): Json => JSON.parse(line))
  }).pipe(Effect.scoped)

const of = (line: Json | undefined): unknown => line?.["annotations"]

layer(NodeServices.layer, { excludeTestServices: true })("docs/frameworks.md", (it) => {
  it.effect("pino-logger.ts has what Fastify and its handlers log", () =>
    Effect.gen(function*() {
      const lines = yield* logOf("frameworks/pino-logger.ts", async (url) => {
        assert.strictEqual(await (await fetch(`${url}/orders/7`)).text(), "order\n")
      })
      const found = lines.find(({ message }) => message === "looked for an order")
      assert.deepStrictEqual(of(found), { reqId: "req-1", params: { id: "7" } })
      assert.deepInclude(of(lines.find(({ message }) => message === "request completed")), { reqId: "req-1" })
    }))

  it.effect("node-http.ts has a record of each request, and none of the one for its health", () =>
    Effect.gen(function*() {
      const lines = yield* logOf("frameworks/node-http.ts", async (url) => {
        assert.strictEqual(await (await fetch(`${url}/healthz`)).text(), "well\n")
        assert.strictEqual(await (await fetch(`${url}/cart?token=s3cr3t`)).text(), "cart\n")
      })
      assert.deepStrictEqual(lines.map(({ message }) => message), ["listening", "cart loaded", "GET /cart 200"])
      assert.deepInclude(of(lines[2]), { "cart.items": 3, "event.lines.info": 1, "http.response.body.size": 5 })
      assert.notInclude(JSON.stringify(lines), "s3cr3t")
      const shown = (yield* page("docs/frameworks.md")).split("\n").filter((line) => line.startsWith(`{"message"`))
      const keys = (line: unknown): ReadonlyArray<string> => Object.keys(Object(Object(line).annotations))
      assert.deepStrictEqual(shown.map((line) => keys(JSON.parse(line))), [keys(lines[1]), keys(lines[2])])
    }))

  for (const name of ["frameworks/express.ts", "frameworks/fastify.ts", "frameworks/hono.ts"]) {
    it.effect(`${name} has a record of each request with its route`, () =>
      Effect.gen(function*() {
        const lines = yield* logOf(name, async (url) => {
          assert.strictEqual(await (await fetch(`${url}/orders/7`)).text(), "order\n")
        })
        assert.deepStrictEqual(lines.map(({ message }) => message), [
          "listening",
          "looked for an order",
          "GET /orders/:id 200"
        ])
        assert.deepInclude(of(lines[2]), { "http.route": "/orders/:id", "event.lines.info": 1 })
      }))
  }
})
