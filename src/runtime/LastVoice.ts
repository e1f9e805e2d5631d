import * as Context from "effect/Context"

/** How who speaks after a runtime has ended is to speak: in its manner, so that a log of JSON has nothing else. */
export interface LastVoice {
  manner: "text" | "json" | undefined
}

/** Where the first runtime that is built inside of somebody leaves its manner. */
export const CurrentLastVoice = Context.Reference<LastVoice | undefined>("effect-spillway/LastVoice", {
  defaultValue: () => undefined
})
