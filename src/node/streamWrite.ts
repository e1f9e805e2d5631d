/// <reference types="node" />
import { Writable } from "node:stream"
import { hasBunsWrite } from "./otherRuntimes.ts"

/** What takes text or bytes: a stream of Node, or what a program has put in its place. */
export interface Taker {
  readonly write: (chunk: Uint8Array | string, done: (error?: Error | null) => void) => unknown
}

/**
 * Writes through a stream and tells once how that ended: by its callback, by a
 * promise it gives, or by what it throws. A `write` that is not Node's may never
 * answer: then it has taken the text when it returns and its stream holds nothing.
 */
export const writeThrough = (
  stream: Taker,
  chunk: Uint8Array | string,
  done: (error: NodeJS.ErrnoException | undefined) => void
): void => {
  let answered = false
  const release = listen(stream)
  const answer = (error?: unknown): void => {
    if (answered) return
    answered = true
    release()
    done(error === undefined || error === null ? undefined : asErrno(error))
  }
  try {
    const returned = stream.write(chunk, answer)
    if (isPromiseLike(returned)) returned.then(() => answer(), answer)
    else if (!isNodes(stream)) setImmediate(() => answerFor(stream, answer))
  } catch (error) {
    answer(error)
  }
}

/** Whether a stream is one of Node's, with the `write` that Node, or Bun in its place, gave it. */
export const isNodes = (stream: Taker): stream is Writable =>
  stream instanceof Writable && (stream.write === Writable.prototype.write || hasBunsWrite(stream))

/** Answers for a `write` that has returned and may have lost the callback. */
const answerFor = (stream: Taker, answer: (error?: unknown) => void): void => {
  if (!(stream instanceof Writable) || stream.writableLength === 0) return answer()
  // Whatever it holds leaves before this does.
  Writable.prototype.write.call(stream, "", "utf8", answer)
}

const isPromiseLike = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && "then" in value && typeof value.then === "function"

export const asErrno = (error: unknown): NodeJS.ErrnoException =>
  error instanceof Error ? error : new Error("the write threw what is no error")

// -----------------------------------------------------------------------------
// The `error` event of a write that failed comes after its callback, and ends a
// process in which nobody listens: we do while a write of ours is unanswered,
// with one listener for each stream, and until that event has had its turn.
// -----------------------------------------------------------------------------

const unanswered = new WeakMap<object, number>()

const ignore = (): void => {}

const listen = (stream: Taker): () => void => {
  if (!(stream instanceof Writable)) return ignore
  const count = unanswered.get(stream) ?? 0
  unanswered.set(stream, count + 1)
  if (count === 0) stream.on("error", ignore)
  return () => {
    setImmediate(() => {
      const remaining = (unanswered.get(stream) ?? 1) - 1
      unanswered.set(stream, remaining)
      if (remaining === 0) stream.off("error", ignore)
    }).unref()
  }
}
