/** What the suite of sinks wants a far end to do, by a collector. */
import { Effect } from "effect"
import type { SinkConformance } from "../../src/index.ts"
import { broken, type Collector, echoed, refused, reset, silent, storedAndReset, unending } from "./Collector.ts"

export const answers = {
  unavailable: (far) => far.script(echoed(503)),
  busyForSevenSeconds: (far) => far.script(echoed(429, { "retry-after": "7" })),
  busyUntilInSevenSeconds: (far) =>
    Effect.suspend(() => far.script(echoed(503, { "retry-after": new Date(Date.now() + 7000).toUTCString() }))),
  busyForNonsense: (far, text) => far.script(echoed(503, { "retry-after": text })),
  refused: (far) => far.script(echoed(400)),
  tooLarge: (far) => far.script(echoed(413)),
  misconfigured: (far) => far.script(echoed(401)),
  acknowledgementLost: (far) => far.script(storedAndReset),
  hangUp: (far) => far.script(reset),
  brokenAnswer: (far) => far.script(broken),
  silence: (far) => {
    const { came, reply } = silent()
    return Effect.as(far.script(reply), came)
  },
  endless: (far) => {
    const { reply, taken } = unending(new Uint8Array(1024 * 1024))
    return Effect.as(far.script(reply), taken)
  },
  redirect: (far) =>
    Effect.as(
      far.script(refused(307, { location: "/elsewhere" })),
      Effect.sync(() => far.elsewhere.length)
    )
} satisfies SinkConformance.Answers<Collector>

/** It takes as long as a sink has patience. */
export const slow = (far: Collector) => far.script(unending(new Uint8Array(1)).reply)

export const secrets = {
  password: "password-of-the-url",
  parameter: "parameter-of-the-url",
  token: "token-of-a-header"
}

/** The URL of a collector, with what nobody may be shown. */
export const urlWithSecrets = ({ url }: Collector): string =>
  url.replace("://", `://reader:${secrets.password}@`) + `?token=${secrets.parameter}`

/** All that nobody may be shown. */
export const secretTexts: ReadonlyArray<string> = [...Object.values(secrets), btoa(`reader:${secrets.password}`)]
