/** Ours, with nothing that listens to the process. */
import { FileSink, Logging } from "../../../src/index.ts"
import { underRunMain } from "./underRunMain.ts"

export default underRunMain((path) => Logging.layer({ sinks: [FileSink.make({ path })] }))
