import { Effect, type Scope } from "effect"

/** Puts a property of `process` or of one of its streams in place of another until the scope closes. */
export const replace = (target: object, key: string, value: unknown): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const before = Object.getOwnPropertyDescriptor(target, key)
      Object.defineProperty(target, key, { value, configurable: true, writable: true })
      return before
    }),
    (before) =>
      Effect.sync(() => {
        if (before === undefined) Reflect.deleteProperty(target, key)
        else Object.defineProperty(target, key, before)
      })
  ).pipe(Effect.asVoid)
