/** pino with the destination its page on asynchronous logging shows. */
import { pino } from "pino"
import type { Candidate } from "../candidate.ts"

const candidate: Candidate = (path, act) => {
  const logger = pino(pino.destination({ dest: path, minLength: 4096, sync: false }))
  return act((line) => logger.info(line))
}

export default candidate
