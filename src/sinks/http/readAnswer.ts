import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { HttpClientError } from "effect/http/HttpClientError"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import * as Stream from "effect/Stream"
import type { Answer } from "./answer.ts"

/** Of a longer answer the rest is not read, where a destination says nothing else, and its connection is closed. */
export const mostBytes = 64 * 1024

/**
 * Reads so many bytes of an answer at most. It fails where one that says that the batch is stored
 * breaks off, because what it says may be in the rest; any other is believed for its status.
 */
export const readAnswer = (response: HttpClientResponse, most: number): Effect.Effect<Answer, HttpClientError> =>
  Effect.gen(function*() {
    const { headers, status } = response
    let kept = new Uint8Array(usually)
    let size = 0
    let isCut = false
    yield* Stream.runForEachWhile(response.stream, (chunk) =>
      Effect.sync(() => {
        const from = size
        isCut = chunk.length > most - from
        size = Math.min(most, from + chunk.length)
        if (size > kept.length) kept = larger(kept, Math.min(most, 2 * size))
        kept.set(chunk.subarray(0, size - from), from)
        return !isCut
      })).pipe(
        Effect.catch((error) => {
          if (error.reason._tag === "EmptyBodyError") return Effect.void
          isCut = true
          return status >= 200 && status < 300 ? Effect.fail(error) : Effect.void
        })
      )
    const at = yield* Clock.currentTimeMillis
    const bytes = kept.subarray(0, size)
    return { status, headers, bytes, body: utf8.decode(bytes), isCut, at }
  })

const utf8 = new TextDecoder()

/** Room for the answers that there are when all is well. */
const usually = 1024

const larger = (kept: Uint8Array, length: number): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(length)
  all.set(kept)
  return all
}
