/** The examples of docs/sinks/http.md, against servers of their own. */
import { NodeServices } from "@effect/platform-node"
import { assert, layer } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Path } from "effect"
import * as Certificates from "../../scratchpad/examples/http-certificates.ts"
import * as Proxied from "../../scratchpad/examples/http-proxy.ts"
import { LogRecord } from "../../src/index.ts"
import { meaningOf } from "../../src/sinks/http/statuses.ts"
import * as HttpSink from "../../src/sinks/HttpSink.ts"
import { certificateFile, certified, pem } from "../servers/certificates.ts"
import { collector } from "../servers/Collector.ts"
import { proxy } from "../servers/Proxy.ts"
import { examplesFolder, page } from "./pages.ts"
import { run } from "./programs.ts"

const lines = { contentType: "application/x-ndjson" }
const batch = [LogRecord.make({ message: "order placed" })]

/** Variables of this process, until the scope is closed. */
const withVariables = (variables: Readonly<Record<string, string>>) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const before = { ...process.env }
      Object.assign(process.env, variables)
      return before
    }),
    (before) =>
      Effect.sync(() => {
        for (const name of Object.keys(variables)) {
          if (before[name] === undefined) delete process.env[name]
          else process.env[name] = before[name]
        }
      })
  )

/** What the page says of every status: those that are named go before those of which only the first digit is. */
const meaningsIn = (text: string): ReadonlyMap<number, string> => {
  const rows = Array.from(text.matchAll(/^\| (.*?) +\| `(\w+)` +\|/gm)).filter(([, codes]) =>
    /^(\d|any other)/.test(codes!)
  )
  const meanings = new Map<number, string>()
  for (const isClass of [true, false]) {
    for (const [, codes = "", meaning = ""] of rows) {
      for (const part of codes.split(", ")) {
        const [, digit] = /(\d)xx$/.exec(part) ?? []
        if ((digit !== undefined) !== isClass) continue
        const [from = "", to = from] = digit === undefined ? part.split(" to ") : [`${digit}00`, `${digit}99`]
        for (let status = Number(from); status <= Number(to); status++) meanings.set(status, meaning)
      }
    }
  }
  return meanings
}

layer(NodeServices.layer, { excludeTestServices: true })("docs/sinks/http.md", (it) => {
  it.effect("the page says what every status means", () =>
    Effect.gen(function*() {
      const said = meaningsIn(yield* page("docs/sinks/http.md"))
      assert.strictEqual(said.size, 400)
      for (const [status, meaning] of said) assert.strictEqual(meaningOf(status), meaning, String(status))
    }))

  it.effect("http-endpoint.ts posts what it logs, with its credentials", () =>
    Effect.gen(function*() {
      const far = yield* collector(lines)
      const path = (yield* Path.Path).join(yield* examplesFolder, "http-endpoint.ts")
      const env = { LOGS_URL: far.url, LOGS_AUTHORIZATION: "Bearer 1234" }
      const { exitCode, stderr } = yield* run({ arguments: [path], env })
      assert.deepStrictEqual([exitCode, stderr], [0, ""])
      assert.deepStrictEqual(far.stored.map(({ body }) => JSON.parse(body.toString()).message), ["order placed"])
      assert.strictEqual(far.received[0]?.headers.authorization, "Bearer 1234")
    }))

  it.effect("http-certificates.ts trusts the authority, and shows its certificate", () =>
    Effect.gen(function*() {
      const tls = { ...certified("localhost"), ca: pem("authority"), requestCert: true, rejectUnauthorized: true }
      const far = yield* collector({ ...lines, tls })
      const variables = {
        LOGS_CA: certificateFile("authority"),
        LOGS_CERT: certificateFile("client"),
        LOGS_KEY: certificateFile("client.key")
      }
      const client = Certificates.ClientLive.pipe(
        Layer.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(variables)))
      )
      const sink = yield* Effect.provideContext(HttpSink.make({ url: far.url }), yield* Layer.build(client))
      yield* sink.write(batch)
      assert.strictEqual(far.stored.length, 1)
    }))

  it.effect("http-proxy.ts goes through the proxy of the environment, and past it where that says so", () =>
    Effect.gen(function*() {
      const far = yield* collector(lines)
      const between = yield* proxy
      const write = Effect.scoped(Effect.gen(function*() {
        const context = yield* Layer.build(Layer.fresh(Proxied.ClientLive))
        const sink = yield* Effect.provideContext(HttpSink.make({ url: far.url }), context)
        yield* sink.write(batch)
      }))
      yield* withVariables({ HTTP_PROXY: between.url, HTTPS_PROXY: between.url })
      yield* write
      assert.isAbove(between.asked.length, 0)
      const { length } = between.asked
      yield* withVariables({ NO_PROXY: "127.0.0.1" })
      yield* write
      assert.strictEqual(between.asked.length, length)
      assert.strictEqual(far.stored.length, 2)
    }))
})
