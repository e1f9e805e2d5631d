/** What is a matter of the client: TLS, certificates, proxies, names. Each on real sockets. */
import { NodeHttpClient } from "@effect/platform-node"
import { buildConnector, EnvHttpProxyAgent } from "@effect/platform-node/Undici"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { HttpClient, HttpClientError } from "effect/http"
import { TestClock } from "effect/testing"
import { createServer, type LookupFunction } from "node:net"
import { LogRecord, LogSink } from "../../../src/index.ts"
import * as HttpSink from "../../../src/sinks/HttpSink.ts"
import { certified, pem } from "../../servers/certificates.ts"
import { collector, refused } from "../../servers/Collector.ts"
import { delivery } from "../../servers/delivery.ts"
import { proxy } from "../../servers/Proxy.ts"

const lines = { contentType: "application/x-ndjson" }
const later = { retry: LogSink.exponentialRetry({ base: "1 second", times: 5 }) }
const ca = pem("authority")

/** A sink with a client of its own. */
const sinkWith = <E>(client: Layer.Layer<HttpClient.HttpClient, E>, url: string) =>
  Effect.flatMap(Layer.build(client), (context) => Effect.provideContext(HttpSink.make({ url }), context))

const trusting = NodeHttpClient.layerUndiciOptions({ connect: { ca } })

describe("a client", () => {
  it.effect("whose errors have sentences where others have words is not quoted", () =>
    Effect.gen(function*() {
      const url = "http://collector.test/in?token=hunter2"
      const cause = Object.assign(new Error(url), { code: `no way to ${url}`, name: `Failed: ${url}` })
      const client = HttpClient.make((request) =>
        Effect.fail(
          new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) })
        )
      )
      const sink = yield* sinkWith(Layer.succeed(HttpClient.HttpClient, client), url)
      const { message } = yield* Effect.flip(sink.write([LogRecord.make({ message: "" })]))
      assert.strictEqual(
        message,
        "the connection to collector.test broke before the answer (HttpClientError)"
      )
    }))
})

describe("a server with TLS", () => {
  it.effect("is trusted with the authority that the client is given", () =>
    Effect.gen(function*() {
      const far = yield* collector({ ...lines, tls: certified("localhost") })
      const { check, deliver, errors } = yield* delivery(yield* sinkWith(trusting, far.url))
      yield* deliver(2)
      assert.deepStrictEqual(errors, [])
      check(far)
    }))

  for (
    const [what, name, client, says] of [
      ["has expired", "expired", trusting, "has expired (CERT_HAS_EXPIRED)"],
      ["is for another name", "elsewhere", trusting, "is for another name (ERR_TLS_CERT_ALTNAME_INVALID)"],
      [
        "is of an authority that nobody knows",
        "localhost",
        NodeHttpClient.layerUndici,
        "is not trusted by this client (UNABLE_TO_VERIFY_LEAF_SIGNATURE)"
      ],
      [
        "is of an authority that nobody knows, with fetch,",
        "localhost",
        NodeHttpClient.layerFetch,
        "is not trusted by this client (UNABLE_TO_VERIFY_LEAF_SIGNATURE)"
      ],
      [
        "is of an authority that nobody knows, with node:http,",
        "localhost",
        NodeHttpClient.layerNodeHttp,
        "is not trusted by this client (UNABLE_TO_VERIFY_LEAF_SIGNATURE)"
      ]
    ] as const
  ) {
    it.effect(`F20: a certificate that ${what} gets nothing, and the records wait`, () =>
      Effect.gen(function*() {
        const far = yield* collector({ ...lines, tls: certified(name) })
        const { books, failed, offer } = yield* delivery(yield* sinkWith(client, far.url))
        offer(1)
        const { message, reason } = yield* failed
        assert.strictEqual(message, `the certificate of 127.0.0.1:${far.port} ${says}`)
        assert.strictEqual(reason._tag, "Misconfigured")
        assert.strictEqual(books().delivered, 0)
        assert.strictEqual(far.received.length, 0)
      }))
  }

  it.effect("F20: a server that has a new certificate gets what has waited", () =>
    Effect.gen(function*() {
      const far = yield* collector({ ...lines, tls: certified("expired") })
      const { check, failed, offer, settled } = yield* delivery(yield* sinkWith(trusting, far.url))
      offer(1)
      const waiting = yield* Effect.forkChild(settled, { startImmediately: true })
      yield* failed
      yield* far.close
      far.tls = certified("localhost")
      yield* far.open
      yield* TestClock.adjust("30 seconds")
      yield* Fiber.join(waiting)
      check(far)
    }))

  it.effect("and wants a certificate of the client, which has one", () =>
    Effect.gen(function*() {
      const far = yield* collector({
        ...lines,
        tls: { ...certified("localhost"), ca, requestCert: true, rejectUnauthorized: true }
      })
      const client = NodeHttpClient.layerUndiciOptions({ connect: { ca, ...certified("client") } })
      const { check, deliver } = yield* delivery(yield* sinkWith(client, far.url))
      yield* deliver(1)
      check(far)
    }))

  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    it.effect(`and wants a certificate of the client, which has none (${version})`, () =>
      Effect.gen(function*() {
        const far = yield* collector({
          ...lines,
          tls: { ...certified("localhost"), ca, requestCert: true, rejectUnauthorized: true, maxVersion: version }
        })
        const { failed, offer } = yield* delivery(yield* sinkWith(trusting, far.url), later)
        offer(1)
        const { reason } = yield* failed
        // In TLS 1.3 the server knows it when the client believes that all is well.
        assert.strictEqual(reason._tag, version === "TLSv1.2" ? "Misconfigured" : "Unavailable")
        assert.strictEqual(far.received.length, 0)
      }))
  }

  it.effect("F20: a server that speaks no TLS is not reached, for sure", () =>
    Effect.gen(function*() {
      const far = yield* collector(lines)
      const { failed, offer } = yield* delivery(yield* sinkWith(trusting, far.url.replace("http:", "https:")), later)
      offer(1)
      const { message, reason } = yield* failed
      assert.match(message, /^no connection to 127\.0\.0\.1:\d+ \(ERR_SSL_\w+\)$/)
      assert.deepStrictEqual(reason, { _tag: "Unavailable", ambiguous: false })
    }))
})

describe("a server that hangs up within the handshake", () => {
  for (
    const [name, client] of [["undici", trusting], ["fetch", NodeHttpClient.layerFetch], [
      "node:http",
      NodeHttpClient.layerNodeHttp
    ]] as const
  ) {
    it.effect(`has got nothing, for sure (${name})`, () =>
      Effect.gen(function*() {
        const server = createServer((socket) => socket.once("data", () => socket.end()))
        yield* Effect.callback<void>((resume) => void server.listen(0, "127.0.0.1", () => resume(Effect.void)))
        yield* Effect.addFinalizer(() => Effect.sync(() => server.close()))
        const address = server.address()
        const port = typeof address === "object" ? address?.port : undefined
        const { failed, offer } = yield* delivery(yield* sinkWith(client, `https://127.0.0.1:${port}/`), later)
        offer(1)
        const { message, reason } = yield* failed
        assert.strictEqual(message, `no connection to 127.0.0.1:${port} (ECONNRESET)`)
        assert.deepStrictEqual(reason, { _tag: "Unavailable", ambiguous: false })
      }))
  }
})

/** The client of docs/sinks/http.md. */
const proxied = (options: EnvHttpProxyAgent.Options) =>
  NodeHttpClient.layerUndiciNoDispatcher.pipe(
    Layer.provide(
      Layer.effect(
        NodeHttpClient.Dispatcher,
        Effect.acquireRelease(
          Effect.sync(() => new EnvHttpProxyAgent(options)),
          (agent) => Effect.promise(() => agent.destroy())
        )
      )
    )
  )

describe("a proxy", () => {
  it.effect("hands plain requests on", () =>
    Effect.gen(function*() {
      const far = yield* collector(lines)
      const between = yield* proxy
      const client = proxied({ httpProxy: between.url, httpsProxy: between.url })
      const { check, deliver } = yield* delivery(yield* sinkWith(client, far.url))
      yield* deliver(2)
      check(far)
      assert.isAbove(between.asked.length, 0)
    }))

  it.effect("builds a tunnel for TLS, and does not see what goes through it", () =>
    Effect.gen(function*() {
      const far = yield* collector({ ...lines, tls: certified("localhost") })
      const between = yield* proxy
      between.credentials = `Basic ${btoa("me:proxy-password")}`
      const url = between.url.replace("://", "://me:proxy-password@")
      const client = proxied({ httpsProxy: url, requestTls: { ca } })
      const { check, deliver } = yield* delivery(yield* sinkWith(client, far.url))
      yield* deliver(2)
      check(far)
      assert.deepStrictEqual(between.asked, [`CONNECT 127.0.0.1:${far.port}`])
    }))

  it.effect("is passed by for the hosts of noProxy", () =>
    Effect.gen(function*() {
      const far = yield* collector(lines)
      const between = yield* proxy
      const client = proxied({ httpProxy: between.url, noProxy: "127.0.0.1" })
      const { check, deliver } = yield* delivery(yield* sinkWith(client, far.url))
      yield* deliver(1)
      check(far)
      assert.deepStrictEqual(between.asked, [])
    }))

  for (const [status, tag] of [[407, "Misconfigured"], [502, "Unavailable"]] as const) {
    it.effect(`that answers ${status} has sent nothing on`, () =>
      Effect.gen(function*() {
        const far = yield* collector({ ...lines, tls: certified("localhost") })
        const between = yield* proxy
        between.status = status
        const client = proxied({ httpsProxy: between.url, requestTls: { ca } })
        const { failed, offer } = yield* delivery(yield* sinkWith(client, far.url), later)
        offer(1)
        const { message, reason } = yield* failed
        assert.include(message, `proxy answered ${status}`)
        assert.strictEqual(reason._tag, tag)
        if (reason._tag === "Unavailable") assert.isFalse(reason.ambiguous)
        assert.strictEqual(far.received.length, 0)
      }))
  }

  it.effect("that nobody finds is not ambiguous", () =>
    Effect.gen(function*() {
      const far = yield* collector({ ...lines, tls: certified("localhost") })
      const client = proxied({ httpsProxy: "http://127.0.0.1:1", requestTls: { ca } })
      const { failed, offer } = yield* delivery(yield* sinkWith(client, far.url), later)
      offer(1)
      assert.deepStrictEqual((yield* failed).reason, { _tag: "Unavailable", ambiguous: false })
    }))
})

describe("the name of a host", () => {
  it.effect("F19: a name is looked up anew after failures, so that a machine that has moved is found", () =>
    Effect.gen(function*() {
      const old = yield* collector(lines)
      const far = yield* collector(lines)
      let port = old.port
      let lookups = 0
      const lookup: LookupFunction = (_, __, done) => {
        lookups++
        done(null, [{ address: "127.0.0.1", family: 4 }])
      }
      // A name leads to an address and not to a port: the two machines are two ports.
      const connector = buildConnector({ lookup })
      const client = NodeHttpClient.layerUndiciOptions({
        connections: 1,
        connect: (options, done) => connector({ ...options, port: String(port) }, done)
      })
      const { check, deliver, errors } = yield* delivery(
        yield* sinkWith(client, `http://collector.example/logs`)
      )
      yield* deliver(2)
      assert.strictEqual(lookups, 1)
      port = far.port
      old.always = refused(503)
      yield* deliver(1)
      assert.isAtLeast(lookups, 2)
      assert.isAtMost(errors.length, 2)
      assert.strictEqual(far.stored.length, 1)
      check({ stored: [...old.stored, ...far.stored] })
    }))
})
