import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { SpoolError } from "../spool/disk/SpoolError.ts"
import { heldText } from "../spool/log/openLogs.ts"
import * as SpoolStore from "../spool/SpoolStore.ts"
import { LaneSpool } from "./LaneSpool.ts"

type Options = Omit<ConstructorParameters<typeof LaneSpool>[0], "store" | "clock">

/** Opens the spool of a lane, and tells of what may be another process's there. */
export const openSpool = (options: Options): Effect.Effect<LaneSpool, SpoolError> =>
  Effect.gen(function*() {
    const { diagnostics, name } = options
    const { maxAge: _, mode: __, ...ofStore } = options.options
    const store = yield* SpoolStore.open({ ...ofStore, lane: name })
    for (const held of store.recovery.held) if (held.life === "unknown") diagnostics.report(name, heldText(held))
    return new LaneSpool({ ...options, store, clock: yield* Clock.Clock })
  })
