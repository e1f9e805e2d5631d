import { Effect } from "effect"
import { type IncomingMessage, request, type RequestOptions } from "node:http"
import { connect } from "node:net"

export interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage["headers"]
  readonly text: string
}

/** A request of Node's own client, and its whole answer. */
export const asked = (
  port: number,
  path: string,
  options: RequestOptions & { readonly body?: ReadonlyArray<string> } = {}
): Effect.Effect<Answer, Error> =>
  Effect.callback<Answer, Error>((resume) => {
    const { body = [], ...rest } = options
    const asking = request({ port, path, ...rest }, (response) => {
      let text = ""
      response.setEncoding("utf8")
      response.on("data", (chunk: string) => {
        text += chunk
      })
      response.on("error", (error) => resume(Effect.fail(error)))
      response.on("end", () => resume(Effect.succeed({ status: response.statusCode, headers: response.headers, text })))
    })
    asking.on("error", (error) => resume(Effect.fail(error)))
    for (const chunk of body) asking.write(chunk)
    asking.end()
  })

/** A request whose client goes away as soon as it has so many bytes of the answer; before it has any, with 0. */
export const left = (port: number, path: string, after: number, leaves: Effect.Effect<void> = Effect.void) =>
  Effect.gen(function*() {
    const asking = request({ port, path })
    asking.on("error", () => {})
    if (after > 0) {
      yield* Effect.callback<void>((resume) => {
        let bytes = 0
        asking.on("response", (response) => {
          response.on("error", () => {})
          response.on("data", (chunk: Uint8Array) => {
            bytes += chunk.length
            if (bytes >= after) resume(Effect.void)
          })
        })
        asking.end()
      })
    } else asking.end()
    yield* leaves
    asking.destroy()
  })

/** All that a server answers on one connection, which is kept, in rounds of requests that are sent at once. */
export const askedOften = (port: number, path: string, rounds: number, each: number) =>
  Effect.callback<string, Error>((resume) => {
    const socket = connect(port, "127.0.0.1")
    const round = `GET ${path} HTTP/1.1\r\nhost: shop\r\n\r\n`.repeat(each)
    let text = ""
    let begun = 0
    let seen = 0
    let left = rounds
    const next = (): void => {
      if (left-- > 0) socket.write(round)
      else socket.end()
    }
    socket.setEncoding("latin1")
    socket.on("connect", next)
    socket.on("data", (chunk: string) => {
      text += chunk
      for (let at = text.indexOf("HTTP/1.1 200", begun); at !== -1; at = text.indexOf("HTTP/1.1 200", begun)) {
        begun = at + 1
        if (++seen % each === 0) next()
      }
    })
    socket.on("error", (error) => resume(Effect.fail(error)))
    socket.on("close", () => resume(Effect.succeed(text)))
  })
