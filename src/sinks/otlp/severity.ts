import { type Level, severityOf } from "../../LogRecord.ts"

/** Logs Data Model, "Mapping of SeverityNumber": the first of the four numbers of each level. */
export const severityNumberOf = (level: Level): number => 1 + 4 * severityOf(level)
