/// <reference types="node" />
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { writeAllSync } from "./writeAllSync.ts"

/**
 * stdout or stderr with a write that tells when the bytes have left the
 * process. Effect's `Stdio` cannot: its write succeeds once Node has buffered the
 * bytes, so what a closed pipe refuses would count as delivered.
 */
export interface StandardStream {
  readonly isTTY: boolean
  readonly write: (bytes: Uint8Array) => Effect.Effect<void, NodeJS.ErrnoException>
  readonly writeSync: (bytes: Uint8Array) => void
}

export type Name = "stdout" | "stderr"

const fds: Readonly<Record<Name, number>> = { stdout: 1, stderr: 2 }

export const make = (name: Name): Effect.Effect<StandardStream, never, Scope.Scope> =>
  Effect.gen(function*() {
    const stream = process[name]
    // Without a listener an EPIPE between two writes would end the process.
    const onError = (): void => {}
    let brokenOff = false
    yield* Effect.acquireRelease(
      Effect.sync(() => stream.on("error", onError)),
      // Nor may the EPIPE of bytes that shutdown has left behind: their listener stays.
      () => Effect.sync(() => stream.writableLength > 0 ? stream : stream.off("error", onError))
    )
    return {
      isTTY: isTTY(name),
      write: (bytes) =>
        Effect.uninterruptible(Effect.callback<void, NodeJS.ErrnoException>((resume) => {
          stream.write(bytes, (error) => {
            resume(error ? Effect.fail(error) : Effect.void)
          })
        })),
      writeSync(bytes) {
        // What the stream still holds may begin in the middle of a line whose head has left.
        if (!brokenOff && stream.writableLength > 0) writeAllSync(fds[name], newline)
        brokenOff ||= stream.writableLength > 0
        writeAllSync(fds[name], bytes)
      }
    }
  })

const newline = new Uint8Array([10])

export const isTTY = (name: Name): boolean => process[name].isTTY
