/** LogTape's stream sink for files. */
import { getStreamFileSink } from "@logtape/file"
import { jsonLinesFormatter } from "@logtape/logtape"
import { withSink } from "./logtape.ts"

export default withSink((path) => getStreamFileSink(path, { formatter: jsonLinesFormatter }))
