import * as Effect from "effect/Effect"
import { unavailable } from "../../contract/sinkErrors.ts"
import type { SinkError } from "../../LogSink.ts"
import { canCompress, compress } from "../../node/compress.ts"
import { HandedOver } from "../../node/HandedOver.ts"
import type { SpareBytes } from "../../node/SpareBytes.ts"
import { type Check, words } from "../../options/check.ts"

/**
 * How the bodies of requests are compressed.
 *
 * @category models
 * @since 0.1.0
 */
export type Compression = "none" | "gzip" | "zstd"

const known = words("none", "gzip", "zstd")

export const compressionCheck: Check = {
  expected: known.expected,
  read: (value) =>
    value === "zstd" && !canCompress(value)
      ? { problems: [{ at: "", text: `must be "none" or "gzip" in this runtime, which has no zstd, got "zstd"` }] }
      : known.read(value)
}

/** The body of a request, as it goes over the wire. */
export interface Body {
  readonly bytes: Uint8Array
  readonly encoding: "gzip" | "zstd" | undefined
  /** Where it goes, if its memory is to be used again. */
  readonly handedOver: HandedOver | undefined
}

/** Below this nothing is gained. */
const fewBytes = 1024

/** The body of these bytes, which are its own until they are given back. */
export const bodyOf = (
  bytes: Uint8Array,
  compression: Compression,
  spare: SpareBytes
): Effect.Effect<Body, SinkError> =>
  compression === "none" || bytes.length < fewBytes
    ? Effect.succeed({ bytes, encoding: undefined, handedOver: new HandedOver(bytes) })
    : Effect.mapBoth(compress(bytes, compression, () => spare.giveBack(bytes)), {
      onSuccess: (compressed): Body => ({ bytes: compressed, encoding: compression, handedOver: undefined }),
      onFailure: (cause) => unavailable("the batch could not be compressed", { cause })
    })
