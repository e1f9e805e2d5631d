/** Ours: one file sink, default options. */
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { lost } from "../../../src/Ledger.ts"
import * as Logging from "../../../src/Logging.ts"
import * as FileSink from "../../../src/sinks/FileSink.ts"
import { fileJob } from "./candidate.ts"
import { openLayer } from "./effect.ts"

export const shutdownAndCount = Effect.gen(function*() {
  const logging = yield* Logging.Logging
  return lost(yield* logging.shutdown)
})

export type LayerOptions = Omit<Parameters<typeof Logging.layer>[0], "sinks">

export type FileOptions = Omit<FileSink.Options, "path" | "required">

export const loggingToFile = (
  path: string,
  options: LayerOptions = {},
  file: FileOptions = {}
): Layer.Layer<Logging.Logging> =>
  Logging.layer({ ...options, sinks: [Effect.orDie(FileSink.make({ path, required: true, ...file }))] })

export default fileJob({
  open: (setup) => openLayer(loggingToFile(setup.path), setup, shutdownAndCount)
})
