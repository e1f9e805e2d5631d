/** winston with its file transport. */
import winston from "winston"
import type { Candidate } from "../candidate.ts"

const candidate: Candidate = (path, act) => {
  const logger = winston.createLogger({
    format: winston.format.json(),
    transports: [new winston.transports.File({ filename: path })]
  })
  return act((line) => {
    logger.info(line)
  })
}

export default candidate
