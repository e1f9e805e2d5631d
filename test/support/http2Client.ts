import { Effect } from "effect"
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type OutgoingHttpHeaders,
  type SecureClientSessionOptions
} from "node:http2"

/** A session of a client of HTTP/2, until the scope closes. What becomes of it a test sees on the server. */
export const connected = (
  port: number,
  { scheme = "http", ...options }: SecureClientSessionOptions & { readonly scheme?: "http" | "https" } = {}
) =>
  Effect.acquireRelease(
    Effect.sync(() =>
      connect(`${scheme}://${scheme === "https" ? "localhost" : "127.0.0.1"}:${port}`, options).on("error", () => {})
    ),
    (session) => Effect.sync(() => session.destroy())
  )

/** The head and the text of a whole response. */
export const askedOn = (session: ClientHttp2Session, headers: OutgoingHttpHeaders, body: ReadonlyArray<string> = []) =>
  Effect.callback<{ readonly head: Record<string, unknown>; readonly text: string }>((resume) => {
    const stream = session.request(headers, { endStream: body.length === 0 })
    let head: Record<string, unknown> = {}
    let text = ""
    stream.setEncoding("utf8")
    stream.on("response", (given) => {
      head = { ...given }
    })
    stream.on("data", (chunk: string) => {
      text += chunk
    })
    stream.on("error", () => {})
    stream.on("close", () => resume(Effect.succeed({ head, text })))
    if (body.length === 0) return
    for (const chunk of body) stream.write(chunk)
    stream.end()
  })

/** Begins a request, and does something once the first bytes of its response are there. */
export const begunOn = (
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  then: (stream: ClientHttp2Stream) => void = () => {}
): ClientHttp2Stream => {
  const stream = session.request(headers)
  stream.on("error", () => {})
  stream.once("data", () => then(stream))
  return stream
}
