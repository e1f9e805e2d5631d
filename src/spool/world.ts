import * as Effect from "effect/Effect"
import { type Files, nodeFiles } from "./disk/files.ts"
import { directoriesOf } from "./log/openLogs.ts"
import { type Identity, identityIn } from "./owner/owner.ts"

/** The part of the world a store stands on, replaced in tests. */
export interface World {
  readonly files: Files
  readonly identity: Identity
}

/** The world as it is now, for whoever opens the store of a directory next. */
export const worldAround = (path: string): Effect.Effect<World> =>
  Effect.suspend(() =>
    Effect.map(identityIn(directoriesOf(nodeFiles, path)), (identity) => ({ files: nodeFiles, identity }))
  )
