import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { HttpClientError } from "effect/http/HttpClientError"
import type { HttpClientResponse } from "effect/http/HttpClientResponse"
import * as Stream from "effect/Stream"
import type { Answer } from "./answer.ts"

/** Of a longer answer the rest is not read, and its connection is closed. */
const mostBytes = 64 * 1024

/**
 * Reads an answer, as long as it is not too long. It fails where one that says that the batch is stored
 * breaks off, because what it says may be in the rest; any other is believed for its status.
 */
export const readAnswer = (response: HttpClientResponse): Effect.Effect<Answer, HttpClientError> =>
  Effect.gen(function*() {
    const { headers, status } = response
    const kept = new Uint8Array(mostBytes)
    let left = mostBytes
    let isCut = false
    yield* Stream.runForEachWhile(response.stream, (chunk) =>
      Effect.sync(() => {
        isCut = chunk.length > left
        kept.set(chunk.subarray(0, left), mostBytes - left)
        left -= Math.min(left, chunk.length)
        return !isCut
      })).pipe(
        Effect.catch((error) => {
          if (error.reason._tag === "EmptyBodyError") return Effect.void
          isCut = true
          return status >= 200 && status < 300 ? Effect.fail(error) : Effect.void
        })
      )
    const at = yield* Clock.currentTimeMillis
    const bytes = kept.slice(0, mostBytes - left)
    return { status, headers, bytes, body: utf8.decode(bytes), isCut, at }
  })

const utf8 = new TextDecoder()
