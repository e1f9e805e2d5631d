/** LogTape's file sink as it comes. */
import { getFileSink } from "@logtape/file"
import { jsonLinesFormatter } from "@logtape/logtape"
import { withSink } from "./logtape.ts"

export default withSink((path) => getFileSink(path, { formatter: jsonLinesFormatter }))
