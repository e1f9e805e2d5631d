/** Ours, with nothing that listens to the process. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Layer from "effect/Layer"
import { FileSink, Logging } from "../../../src/index.ts"
import { underRunMain } from "./underRunMain.ts"

export default underRunMain((path) =>
  Layer.provide(Logging.layer({ sinks: [FileSink.make({ path })] }), NodeServices.layer)
)
