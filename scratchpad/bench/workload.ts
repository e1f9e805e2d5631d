/** What is logged: the same message, fields and loop for every candidate. */
import * as Effect from "effect/Effect"

export type WorkloadName = "S" | "O"

export const workloadNames: ReadonlyArray<WorkloadName> = ["S", "O"]

export const message = "request handled"

export const annotations = {
  requestId: "req-8f14e45fceea167a",
  userId: "user-4217",
  route: "/users/:id/orders"
} as const

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

/** A log call of an Effect program. */
export const logEffect = (workload: WorkloadName): (i: number) => Effect.Effect<void> =>
  workload === "S" ? () => Effect.logInfo(message) : (i) => Effect.logInfo(message, body(i))

/**
 * The loop of every candidate that is called through Effect. Effect gives the
 * event loop a turn by itself every 2,048 operations; `yieldEvery` asks for more.
 */
export const effectLoop = (workload: WorkloadName, events: number, yieldEvery: number): Effect.Effect<void> => {
  const log = logEffect(workload)
  return Effect.annotateLogs(
    Effect.gen(function*() {
      for (let i = 0; i < events; i++) {
        yield* log(i)
        if (yieldEvery > 0 && i % yieldEvery === 0) yield* Effect.yieldNow
      }
    }),
    annotations
  )
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** The loop of every other candidate. With `yieldEvery` 0 it never leaves the stack. */
export const plainLoop = async (log: (i: number) => void, events: number, yieldEvery: number): Promise<void> => {
  if (yieldEvery === 0) {
    for (let i = 0; i < events; i++) log(i)
    return
  }
  for (let i = 0; i < events; i++) {
    log(i)
    if (i % yieldEvery === 0) await turn()
  }
}

/** The values of `i = 0` that must be found in the first line a candidate wrote. */
export const expectedValues = (workload: WorkloadName): ReadonlyArray<unknown> => {
  const fields: Array<unknown> = [message, ...Object.values(annotations)]
  if (workload === "S") return fields
  const { durationMs, path, user } = body(0)
  return [...fields, durationMs, path, user.id, user.name]
}
