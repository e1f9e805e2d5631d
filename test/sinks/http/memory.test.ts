/** The memory of bodies, which is used again when nothing of it waits to be sent any more. */
import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, layer } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { channel } from "node:diagnostics_channel"
import { createServer, type Socket } from "node:net"
import { LogRecord } from "../../../src/index.ts"
import { isObject } from "../../../src/record/plainData.ts"
import * as OtlpSink from "../../../src/sinks/OtlpSink.ts"

/** More than the buffers of a connection hold, so that some of it waits in the program when the answer is there. */
const long = 4_000_000

const letters = ["a", "b"]

const ok = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"

/** Answers each request at its first bytes: what it has not read of it yet comes when it is told to read on. */
const hasty = (readsOn: "at once" | "when told") =>
  Effect.gen(function*() {
    const bodies: Array<string> = []
    const all = yield* Deferred.make<void>()
    const sockets = new Set<Socket>()
    let waits = readsOn === "when told"
    const server = createServer((socket) => {
      let read = Buffer.alloc(0)
      let wanted: number | undefined
      sockets.add(socket)
      socket.on("error", () => {})
      socket.on("data", (chunk) => {
        read = Buffer.concat([read, chunk])
        for (;;) {
          if (wanted === undefined) {
            const end = read.indexOf("\r\n\r\n")
            if (end === -1) return
            wanted = Number(/content-length: (\d+)/i.exec(read.toString("latin1", 0, end))?.[1])
            read = read.subarray(end + 4)
            socket.write(ok)
            if (waits) socket.pause()
          }
          if (read.length < wanted) return
          bodies.push(read.toString("latin1", 0, wanted))
          read = read.subarray(wanted)
          wanted = undefined
          if (bodies.length === letters.length) Deferred.doneUnsafe(all, Effect.void)
        }
      })
    })
    yield* Effect.callback<void>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.void))
    })
    yield* Effect.addFinalizer(() =>
      Effect.sync(() => {
        for (const socket of sockets) socket.destroy()
        server.close()
      })
    )
    const readOn = Effect.suspend(() => {
      waits = false
      for (const socket of sockets) socket.resume()
      return Deferred.await(all)
    })
    const address = server.address()
    const port = typeof address === "object" ? address?.port : undefined
    return { bodies, readOn, url: `http://127.0.0.1:${port}/v1/logs` }
  })

/** The memory of the bodies that are sent meanwhile. */
const memory = Effect.acquireRelease(
  Effect.sync(() => {
    const buffers: Array<unknown> = []
    const note = (message: unknown): void => {
      if (!isObject(message) || !isObject(message["request"])) return
      const { body } = message["request"]
      if (ArrayBuffer.isView(body)) buffers.push(body.buffer)
    }
    const requests = channel("undici:client:sendHeaders")
    requests.subscribe(note)
    return { buffers, stop: () => requests.unsubscribe(note) }
  }),
  ({ stop }) => Effect.sync(stop)
)

const sendAll = (url: string, length: number) =>
  Effect.gen(function*() {
    const sink = yield* OtlpSink.make({ url, format: "json" })
    for (const letter of letters) {
      yield* sink.write([LogRecord.make({ message: letter.repeat(length) })], () => {})
    }
  })

layer(NodeHttpClient.layerUndici)("the memory of bodies", (it) => {
  describe("that were answered", () => {
    it.effect("is that of one, for all that were sent one after the other", () =>
      Effect.gen(function*() {
        const { buffers } = yield* memory
        const far = yield* hasty("at once")
        yield* sendAll(far.url, 10_000)
        yield* far.readOn
        assert.lengthOf(buffers, letters.length)
        assert.lengthOf(new Set(buffers), 1)
      }))

    it.effect("F15: is not used again while a server that answered first reads on", () =>
      Effect.gen(function*() {
        const far = yield* hasty("when told")
        yield* sendAll(far.url, long)
        yield* far.readOn
        assert.sameMembers(
          far.bodies.map((body) => letters.find((letter) => body.includes(letter.repeat(long)))),
          letters
        )
      }))
  })
})
