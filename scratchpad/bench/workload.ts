/** What is logged: the same message, fields and loop for every candidate. */
import * as Effect from "effect/Effect"
import { fieldsOf } from "./service/mix.ts"

/** W is a program of its own: `service/`. */
export type WorkloadName = "W" | "S" | "O" | "R" | "T"

export const workloadNames: ReadonlyArray<WorkloadName> = ["W", "S", "O", "R", "T"]

export const workloadOf = (text: string): WorkloadName => {
  const name = workloadNames.find((name) => name === text)
  if (name === undefined) throw new Error(`there is no workload "${text}"; there are: ${workloadNames.join(", ")}`)
  return name
}

const message = "request handled"

export const annotations = {
  requestId: "req-8f14e45fceea167a",
  userId: "user-4217",
  route: "/users/:id/orders"
} as const

/** How many events of workload R have their annotations in common. */
const eventsPerRequest = 10

/** The annotations of a request of workload R. */
const requestAnnotations = (request: number) => ({
  requestId: `req-${request.toString(16).padStart(16, "0")}`,
  userId: `user-${request % 10_000}`,
  route: annotations.route
})

export const firstAnnotations = (workload: WorkloadName): Record<string, unknown> => {
  switch (workload) {
    case "R":
      return requestAnnotations(0)
    case "W":
      return fieldsOf(0)
    default:
      return annotations
  }
}

export interface Body extends Record<string, unknown> {
  readonly durationMs: number
  readonly path: string
  readonly user: { readonly id: number; readonly name: string }
}

/** A fresh object per event, as a program makes one; every candidate pays for building it. */
export const body = (i: number): Body => ({
  durationMs: i & 127,
  path: "/users/4217/orders",
  user: { id: i & 1023, name: "Ada Lovelace" }
})

const firstNumber = 1_000_000

/** The message of an event of workload T, which no other event of the run has. */
const ownText = (i: number): string => `request ${firstNumber + i} handled`

/** Which event of workload T has this message; `undefined` where it is none of them. */
export const numberIn = (text: unknown): number | undefined => {
  const number = typeof text === "string" ? Number(text.split(" ")[1]) - firstNumber : Number.NaN
  return text === ownText(number) ? number : undefined
}

export const firstText = (workload: WorkloadName): string => workload === "T" ? ownText(0) : message

/** A log call of an Effect program. */
export const logEffect = (workload: WorkloadName): (i: number) => Effect.Effect<void> => {
  switch (workload) {
    case "O":
      return (i) => Effect.logInfo(message, body(i))
    case "T":
      return (i) => Effect.logInfo(ownText(i))
    default:
      return () => Effect.logInfo(message)
  }
}

/**
 * The loop of every candidate that is called through Effect. Effect gives the
 * event loop a turn by itself every 2,048 operations; `yieldEvery` asks for more,
 * or for whatever is to be `between`.
 */
export const effectLoop = <R = never>(
  workload: WorkloadName,
  events: number,
  yieldEvery: number,
  between: Effect.Effect<void, never, R> = Effect.yieldNow
): Effect.Effect<void, never, R> => {
  const log = logEffect(workload)
  const logged = (from: number, until: number) =>
    Effect.gen(function*() {
      for (let i = from; i < until; i++) {
        yield* log(i)
        if (yieldEvery > 0 && i % yieldEvery === 0) yield* between
      }
    })
  if (workload !== "R") return Effect.annotateLogs(logged(0, events), annotations)
  return Effect.gen(function*() {
    for (let request = 0, i = 0; i < events; request++, i += eventsPerRequest) {
      const until = Math.min(events, i + eventsPerRequest)
      yield* Effect.annotateLogs(logged(i, until), requestAnnotations(request))
    }
  })
}

/** How a library with loggers of its own is called. */
export interface Calls<Logger> {
  readonly text: (logger: Logger, text: string) => void
  readonly textAndBody: (logger: Logger, text: string, body: Body) => void
}

/** The log call of a library that binds annotations to loggers: one for all, or in workload R one per request. */
export const boundLog = <Logger>(
  workload: WorkloadName,
  bind: (annotations: Record<string, unknown>) => Logger,
  { text, textAndBody }: Calls<Logger>
): (i: number) => void => {
  let logger = bind(firstAnnotations(workload))
  switch (workload) {
    case "S":
      return () => text(logger, message)
    case "O":
      return (i) => textAndBody(logger, message, body(i))
    case "R":
      return (i) => {
        if (i % eventsPerRequest === 0) logger = bind(requestAnnotations(i / eventsPerRequest))
        text(logger, message)
      }
    case "T":
      return (i) => text(logger, ownText(i))
    case "W":
      throw new Error("workload W is no loop: candidates/service.ts runs it")
  }
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** The loop of every other candidate. With `yieldEvery` 0 it never leaves the stack. */
export const plainLoop = async (
  log: (i: number) => void,
  events: number,
  yieldEvery: number,
  between: () => Promise<void> = turn
): Promise<void> => {
  if (yieldEvery === 0) {
    for (let i = 0; i < events; i++) log(i)
    return
  }
  for (let i = 0; i < events; i++) {
    log(i)
    if (i % yieldEvery === 0) await between()
  }
}

/** The values of `i = 0` that must be found in the first line a candidate wrote. */
export const expectedValues = (workload: WorkloadName): ReadonlyArray<unknown> => {
  const fields = Object.values(firstAnnotations(workload))
  if (workload === "W") return fields
  fields.push(firstText(workload))
  if (workload !== "O") return fields
  const { durationMs, path, user } = body(0)
  return [...fields, durationMs, path, user.id, user.name]
}
