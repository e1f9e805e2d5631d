import * as Effect from "effect/Effect"
import type * as PlatformError from "effect/PlatformError"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"

/** What has been logged so far. */
export interface Progress {
  lines: number
  bytes: number
  readonly totalBytes: number | undefined
}

export const make = (totalBytes: number | undefined): Progress => ({ lines: 0, bytes: 0, totalBytes })

/** Shows the progress on stderr, on one line, while the scope is open; nothing unless stderr is a terminal. */
export const show = (progress: Progress): Effect.Effect<void, never, Scope.Scope | Stdio.Stdio> =>
  Effect.gen(function*() {
    const stdio = yield* Stdio.Stdio
    if (!(yield* stdio.stderrIsTerminal)) return
    const write = (text: string): Effect.Effect<void, PlatformError.PlatformError> =>
      Stream.run(Stream.make(text), stdio.stderr({ endOnDone: false }))
    const line = Effect.suspend(() => write(`${startOfLine}${render(progress)}`))
    yield* Effect.addFinalizer(() => Effect.ignore(write(startOfLine)))
    yield* Effect.forkScoped(Effect.ignore(Effect.repeat(line, Schedule.spaced("200 millis"))))
  })

const startOfLine = "\r\u001b[K"

const render = ({ bytes, lines, totalBytes }: Progress): string => {
  const megabytes = (bytes / 1e6).toFixed(1)
  const part = totalBytes === undefined || totalBytes === 0 ? "" : ` (${Math.floor((100 * bytes) / totalBytes)} %)`
  return `${lines.toLocaleString("en")} lines, ${megabytes} MB${part}`
}
