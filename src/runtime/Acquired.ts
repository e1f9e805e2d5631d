import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { LogSink } from "../LogSink.ts"

/** A sink and the scope that holds its resources. */
export class Acquired {
  readonly sink: LogSink
  private readonly scope: Scope.Closeable
  private readonly closed = Deferred.makeUnsafe<void>()
  private phase: "open" | "closing" = "open"

  constructor(sink: LogSink, scope: Scope.Closeable) {
    this.sink = sink
    this.scope = scope
  }

  /** Closes it, once, whoever asks first: with the sink, unless that is one of these others as well and they are open. */
  close(others: ReadonlyArray<Acquired>): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.phase === "closing") return Deferred.await(this.closed)
      this.phase = "closing"
      const { close = Effect.void } = this.sink
      const isOthers = others.some(({ phase, sink }) => phase === "open" && sink.close === close)
      return (isOthers ? Effect.void : close).pipe(
        Effect.ensuring(Scope.close(this.scope, Exit.void)),
        Effect.onExit(() => Deferred.succeed(this.closed, undefined))
      )
    })
  }
}
