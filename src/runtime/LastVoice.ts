import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type { Voice } from "../diagnostics/Diagnostics.ts"

/** How who speaks after a runtime has ended is to speak: in its manner, so that a log of JSON has nothing else. */
export interface LastVoice {
  manner: "text" | "json" | undefined
}

/** Where the first runtime that is built inside of somebody, or was to be, leaves its manner. */
export const CurrentLastVoice = Context.Reference<LastVoice | undefined>("effect-spillway/LastVoice", {
  defaultValue: () => undefined
})

/** Leaves the manner of these diagnostics, unless there is one. */
export const leaveManner = (diagnostics: Voice | undefined): Effect.Effect<void> =>
  Effect.map(CurrentLastVoice, (voice) => {
    if (voice !== undefined) voice.manner ??= diagnostics === "json" ? "json" : "text"
  })
