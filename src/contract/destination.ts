import type { LogSink } from "./Sink.ts"

/** What a sink writes to, where two sinks may do so without anybody having meant it. */
export interface Destination {
  readonly kind: "file" | "stream"
  /** As a person knows it. */
  readonly name: string
  /** Its names now: one that two destinations have is one place. */
  readonly places: () => ReadonlyArray<string>
}

/** By the write of the sink, which it keeps under other names and options. */
const destinations = new WeakMap<LogSink["write"], Destination>()

export const withDestination = (sink: LogSink, destination: Destination): LogSink => {
  destinations.set(sink.write, destination)
  return sink
}

export const destinationOf = (sink: LogSink): Destination | undefined => destinations.get(sink.write)
