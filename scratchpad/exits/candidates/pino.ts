/** pino with a synchronous destination. Given a path alone it makes an asynchronous one. */
import { pino } from "pino"
import type { Candidate } from "../candidate.ts"

const candidate: Candidate = (path, act) => {
  const logger = pino(pino.destination({ dest: path, sync: true }))
  return act((line) => logger.info(line))
}

export default candidate
