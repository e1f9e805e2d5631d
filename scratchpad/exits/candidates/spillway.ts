/** Ours, with the process hooks. */
import * as Layer from "effect/Layer"
import { FileSink, Logging, ProcessHooks } from "../../../src/index.ts"
import { underRunMain } from "./underRunMain.ts"

export default underRunMain((path) =>
  ProcessHooks.layer.pipe(Layer.provideMerge(Logging.layer({ sinks: [FileSink.make({ path })] })))
)
