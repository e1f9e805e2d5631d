import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { NonConformance, Rule } from "./rules.ts"
import type { Trial } from "./Trial.ts"

/** What a case does with a new sink. */
export type Body = <Far, R>(trial: Trial<Far, R>) => Effect.Effect<void, NonConformance, R | Scope.Scope>

export type BodyFor<Far, R> = (trial: Trial<Far, R>) => Effect.Effect<void, NonConformance, R | Scope.Scope>

export type Named<Far, R> = readonly [rule: Rule, name: string, body: BodyFor<Far, R>]

/** Has the far end answer its next write in some way. */
export type Script<Far> = (far: Far) => Effect.Effect<void>
