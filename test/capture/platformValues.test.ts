import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Layer, Schema, Scope } from "effect"
import {
  Cookies,
  HttpBody,
  HttpClient,
  HttpClientError,
  HttpClientRequest,
  HttpClientResponse,
  HttpServerRequest,
  HttpServerResponse,
  UrlParams
} from "effect/http"
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks"
import { ChildProcess } from "node:child_process"
import * as crypto from "node:crypto"
import * as dgram from "node:dgram"
import { EventEmitter, once } from "node:events"
import * as fs from "node:fs"
import * as http from "node:http"
import * as http2 from "node:http2"
import { Module } from "node:module"
import * as net from "node:net"
import * as stream from "node:stream"
import * as tls from "node:tls"
import * as vm from "node:vm"
import { MessageChannel } from "node:worker_threads"
import * as zlib from "node:zlib"
import { PackedMessage } from "../../src/record/PackedMessage.ts"
import { makeSnapshot, plain, plainSnapshot, recordsOf } from "../support/capture.ts"
import { secret } from "../support/hostile.ts"

class Bus extends EventEmitter {
  readonly listenersOfMine = [secret]
}

class Ticket extends EventEmitter {
  readonly state = { secret }
  toJSON(): unknown {
    return { id: 7, password: secret }
  }
}

class Keys extends Context.Service<Keys, string>()("test/Keys") {}

/** What a library may have in the place of the platform's own class. */
class Polyfill {
  readonly queue = [secret]
  get [Symbol.toStringTag](): string {
    return "ReadableStream"
  }
}

const withPassword = Object.assign(new stream.PassThrough(), { password: secret })
withPassword.write(secret)
const timer: unknown = Reflect.apply(setTimeout, undefined, [() => {}, 100_000, secret])
const immediate: unknown = Reflect.apply(setImmediate, undefined, [() => {}, secret])
Reflect.apply(clearTimeout, undefined, [timer])
Reflect.apply(clearImmediate, undefined, [immediate])
const udp = dgram.createSocket("udp4")
udp.close()
const channel = new MessageChannel()
channel.port1.close()

const shownAs: ReadonlyArray<[value: unknown, shown: unknown]> = [
  [withPassword, "[PassThrough]"],
  [new stream.Readable({ read() {} }).setEncoding("utf8"), "[Readable]"],
  [zlib.createGzip(), "[Gzip]"],
  [new net.Socket(), "[Socket]"],
  [new tls.TLSSocket(new net.Socket()), "[TLSSocket]"],
  [new net.Server(), "[Server]"],
  [new http.Agent({ keepAlive: true }), "[Agent]"],
  [http2.createServer(), "[Http2Server]"],
  [udp, "[Socket]"],
  [new ChildProcess(), "[ChildProcess]"],
  [channel.port2, "[MessagePort]"],
  [timer, "[Timeout]"],
  [immediate, "[Immediate]"],
  [crypto.createHmac("sha256", secret), "[Hmac]"],
  [crypto.createSecretKey(Buffer.from(secret)), "[KeyObject]"],
  [new AsyncLocalStorage(), "[AsyncLocalStorage]"],
  [new AsyncResource("test"), "[AsyncResource]"],
  [new AbortController(), "[AbortController]"],
  [new EventTarget(), "[EventTarget]"],
  [new Module("test"), "[Module]"],
  [fs, "[Module]"],
  [process, "[process]"],
  [globalThis, "[global]"],
  [console, "[console]"],
  [new vm.Script(`"${secret}"`), {}],
  [new Bus(), "[Bus]"],
  [new Ticket(), { id: 7, password: "<redacted>" }],
  [new Polyfill(), "[ReadableStream]"],
  [Effect.runFork(Effect.never), "[Fiber]"],
  [Scope.makeUnsafe(), "[Scope]"],
  [Context.make(Keys, secret), "[Context]"],
  [Layer.succeed(Keys, secret), "[Layer]"],
  [Effect.sync(() => secret), "[Effect]"],
  [Schema.String.ast, "[Schema]"]
]

describe("F88: machinery is shown by its kind", () => {
  it("wherever it stands", () => {
    for (const [value, shown] of shownAs) {
      assert.deepStrictEqual(plainSnapshot(value), shown)
      assert.deepStrictEqual(plainSnapshot({ a: [new Map([["b", value]])] }), { a: [{ b: shown }] })
      assert.deepInclude(plainSnapshot(Object.assign(new Error("failed"), { value })), {
        message: "failed",
        value: shown
      })
    }
  })

  it.effect("as an error, its cause, a failure and an annotation", () =>
    Effect.gen(function*() {
      const request = Object.assign(new stream.PassThrough(), { message: secret, _tag: "Request", body: secret })
      const records = yield* recordsOf(Effect.gen(function*() {
        yield* Effect.logError("failed", request, new Error("failed", { cause: request }))
        yield* Effect.annotateLogs(Effect.fail(request), { request }).pipe(
          Effect.catchCause((cause) => Effect.logError("failed", cause))
        )
        yield* Effect.logInfo("annotated").pipe(Effect.annotateLogs({ request }))
      }))
      const text = JSON.stringify(records)
      assert.strictEqual(records.length, 3)
      assert.notInclude(text, secret)
      assert.strictEqual(text.split("[PassThrough]").length - 1, 4)
    }))

  it("also when it was spread into a plain object", () => {
    const request = http.request({ host: "127.0.0.1", port: 1, path: "/", headers: { Authorization: secret } })
    request.on("error", () => {})
    request.write(secret)
    for (const copy of [{}, { first: 1 }, Object.create(null)].map((out: object) => Object.assign(out, request))) {
      assert.strictEqual(plainSnapshot(copy), "[EventEmitter]")
      assert.deepStrictEqual(plainSnapshot({ before: { n: 1 }, copy: [copy], after: 2 }), {
        before: { n: 1 },
        copy: ["[EventEmitter]"],
        after: 2
      })
      const message = makeSnapshot().messages([{ before: { n: 1 }, copy, after: 2 }])
      assert.instanceOf(message, PackedMessage)
      assert.deepStrictEqual(plain(message.unpack()), { before: { n: 1 }, copy: "[EventEmitter]", after: 2 })
    }
    request.destroy()
  })

  it("but what a program made of a class of its own is walked, and with its getters at no other's cost", () => {
    class Order {
      readonly id = 1
      readonly token = secret
      get on(): never {
        throw new Error("hostile")
      }
    }
    assert.deepStrictEqual(plainSnapshot(new Order()), { id: 1, token: "<redacted>" })
    const hostile = new Proxy(new Bus(), {
      get: () => {
        throw new Error("hostile")
      }
    })
    assert.deepStrictEqual(plainSnapshot({ hostile, next: 1 }), { hostile: "[threw]", next: 1 })
  })
})

describe("F88: HTTP messages", () => {
  const url = `/path?token=${secret}&page=2`
  const headers = { Authorization: `Bearer ${secret}`, Cookie: `session=${secret}`, "X-Custom": secret }

  it.effect("of Node show method, URL and status, before, during and after the exchange", () =>
    Effect.gen(function*() {
      const shown: Array<unknown> = []
      const show = (...values: ReadonlyArray<unknown>): void =>
        void shown.push(...values.map((value) => plainSnapshot(value)))
      const server = http.createServer((request, response) => {
        show(request, response, request.socket, { request })
        response.statusCode = 403
        response.setHeader("set-cookie", secret)
        response.end(secret)
      })
      yield* Effect.promise(() => once(server.listen(0, "127.0.0.1"), "listening"))
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      const request = http.request({ host: "127.0.0.1", port, method: "POST", path: url, headers })
      request.write(secret)
      show(request)
      request.end()
      const response = yield* Effect.promise(() =>
        new Promise<http.IncomingMessage>((resolve) => request.once("response", resolve))
      )
      show(response, request, Object.assign(new Error("refused"), { request, response }))
      response.resume()
      yield* Effect.promise(() => once(response, "end"))
      server.close()
      const line = `POST http://127.0.0.1:${port}/path?token=redacted&page=2`
      const [, ...rest] = shown
      assert.strictEqual(shown[0], `[ClientRequest ${line}]`)
      assert.deepStrictEqual(rest.slice(0, 6), [
        "[IncomingMessage POST /path?token=redacted&page=2]",
        "[ServerResponse 200 POST /path?token=redacted&page=2]",
        "[Socket]",
        { request: "[IncomingMessage POST /path?token=redacted&page=2]" },
        `[IncomingMessage 403 ${line}]`,
        `[ClientRequest ${line}]`
      ])
      assert.deepInclude(rest[6], { request: `[ClientRequest ${line}]`, response: `[IncomingMessage 403 ${line}]` })
      assert.notInclude(JSON.stringify(shown), secret)
    }))

  const request = HttpClientRequest.post(`http://127.0.0.1:1${url}`, { headers }).pipe(
    HttpClientRequest.setUrlParam("accessToken", secret),
    HttpClientRequest.setUrlParam("q", "ä b"),
    HttpClientRequest.setBody(HttpBody.jsonUnsafe({ user: "u", note: secret }))
  )
  /** The reasons of Effect's own errors are shown in Effect's words. */
  const shownByEffect = {
    _id: "HttpClientRequest",
    method: "POST",
    url: "http://127.0.0.1:1/path?token=redacted&page=2"
  }
  const line = "POST http://127.0.0.1:1/path?token=redacted&page=2&accessToken=redacted&q=%C3%A4%20b"

  it.each<[name: string, value: unknown, shown: unknown]>([
    ["a request", request, `[HttpClientRequest ${line} Uint8Array(41 bytes, application/json)]`],
    ["a request without body", HttpClientRequest.get("http://host/"), "[HttpClientRequest GET http://host/]"],
    [
      "a response",
      HttpClientResponse.fromWeb(request, new Response(secret, { status: 401, headers: { "set-cookie": secret } })),
      `[HttpClientResponse 401 ${line}]`
    ],
    [
      "a server's request",
      HttpServerRequest.fromWeb(new Request(`http://host${url}`, { method: "POST", headers, body: secret })),
      "[HttpServerRequest POST /path?token=redacted&page=2]"
    ],
    [
      "a server's response",
      HttpServerResponse.text(secret, { headers }),
      `[HttpServerResponse 200 Uint8Array(${secret.length} bytes, text/plain)]`
    ],
    ["a text", HttpBody.text(secret), `[HttpBody Uint8Array(${secret.length} bytes, text/plain)]`],
    ["anything", HttpBody.raw({ note: secret }), "[HttpBody Raw]"],
    ["a form", HttpBody.formData(new FormData()), "[HttpBody FormData]"],
    ["no body", HttpBody.empty, "[HttpBody Empty]"],
    ["cookies", Cookies.fromSetCookie([`session=${secret}; HttpOnly`]), { session: "<redacted>" }],
    [
      "parameters",
      UrlParams.fromInput({ accessToken: secret, page: 2 }),
      { _id: "UrlParams", params: { accessToken: "<redacted>", page: "2" } }
    ]
  ])("of Effect: %s", (_, value, shown) => {
    assert.deepStrictEqual(plainSnapshot(value), shown)
  })

  it.effect("of a failed call show neither headers nor body", () =>
    Effect.gen(function*() {
      const records = yield* recordsOf(
        Effect.flatMap(HttpClient.HttpClient, (client) => client.execute(request)).pipe(
          Effect.catch((error) => Effect.logError("login failed", error)),
          Effect.provide(NodeHttpClient.layerNodeHttp)
        )
      )
      const [record] = records
      const text = JSON.stringify(record?.message)
      assert.include(text, JSON.stringify({ request: shownByEffect }).slice(1, -1))
      assert.notInclude(text, secret)
      assert.include(text, "ECONNREFUSED")
      assert.notInclude(text, `note`)
      assert.notInclude(text, `Bearer`)
    }))

  it("of a call with the wrong answer show its status", () => {
    const response = HttpClientResponse.fromWeb(request, new Response(secret, { status: 500 }))
    const error = new HttpClientError.HttpClientError({
      reason: new HttpClientError.StatusCodeError({ request, response })
    })
    assert.containSubset(plainSnapshot(error), {
      _tag: "HttpClientError",
      reason: {
        _tag: "StatusCodeError",
        request: shownByEffect,
        response: { _id: "HttpClientResponse", status: 500 }
      }
    })
    assert.notInclude(JSON.stringify(plainSnapshot(error)), secret)
  })

  it("of other clients show what is data, and their requests by kind", () => {
    const socket = new net.Socket()
    const error = Object.assign(new Error("Request failed with status code 401"), {
      config: { method: "post", url: "/login", headers: { Authorization: secret }, timeout: 0 },
      request: Object.assign(new stream.Writable(), { _header: secret, socket }),
      response: { status: 401, headers: { "set-cookie": [secret] }, request: socket }
    })
    assert.deepInclude(plainSnapshot(error), {
      config: { method: "post", url: "/login", headers: { Authorization: "<redacted>" }, timeout: 0 },
      request: "[Writable]",
      response: { status: 401, headers: { "set-cookie": "<redacted>" }, request: "[Socket]" }
    })
  })
})
