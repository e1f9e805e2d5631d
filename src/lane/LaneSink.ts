import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import type { LogSink, RecordLimit, SinkError } from "../LogSink.ts"

const mostAbandonedWrites = 4

/** A sink that a lane writes to, or did, and its writes that run. */
export class SinkInUse {
  readonly sink: LogSink
  private phase: "current" | "former" = "current"
  private running = 0
  private abandoned = 0
  private readonly room = Latch.makeUnsafe(true)
  private readonly left = Latch.makeUnsafe(false)

  constructor(sink: LogSink) {
    this.sink = sink
  }

  get isCurrent(): boolean {
    return this.phase === "current"
  }

  get marked(): number {
    return this.sink.marked?.() ?? 0
  }

  begin(): void {
    this.running++
  }

  end(): void {
    this.running--
    this.look()
  }

  /** A write has ended for its lane and goes on all the same. */
  abandon(write: Fiber.Fiber<void, SinkError>): void {
    this.abandoned++
    if (this.abandoned >= mostAbandonedWrites) this.room.closeUnsafe()
    write.addObserver(() => {
      this.abandoned--
      this.room.openUnsafe()
    })
  }

  /** Whether so many abandoned writes go on that none is begun. */
  get isCrowded(): boolean {
    return this.isCurrent && this.abandoned >= mostAbandonedWrites
  }

  get awaitRoom(): Effect.Effect<unknown> {
    return this.room.await
  }

  /** No further write begins; completes when none runs. */
  retire(): Effect.Effect<unknown> {
    this.phase = "former"
    this.room.openUnsafe()
    this.look()
    return this.left.await
  }

  private look(): void {
    if (this.phase === "former" && this.running === 0) this.left.openUnsafe()
  }
}

/**
 * What a lane writes to: one sink, which may be replaced. A write that runs ends where it
 * began; the next one goes to the new sink.
 */
export class LaneSink {
  /** The name of the lane, whatever it writes to. */
  readonly name: string
  current: SinkInUse
  private readonly former = new Set<SinkInUse>()
  /** How many markers those have delivered that have left. */
  private markedBefore = 0

  constructor(sink: LogSink) {
    this.name = sink.name
    this.current = new SinkInUse(sink)
  }

  get writeSync(): LogSink["writeSync"] {
    return this.current.sink.writeSync
  }

  get recordLimit(): RecordLimit | undefined {
    return this.current.sink.recordLimit
  }

  get marked(): number {
    let marked = this.markedBefore + this.current.marked
    for (const { marked: more } of this.former) marked += more
    return marked
  }

  /** Has the next write go to another sink, from this step on; completes when no write to the one before runs. */
  replace(sink: LogSink): Effect.Effect<void> {
    const before = this.current
    this.current = new SinkInUse(sink)
    this.former.add(before)
    return Effect.map(before.retire(), () => {
      if (this.former.delete(before)) this.markedBefore += before.marked
    })
  }
}
