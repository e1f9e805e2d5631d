/** winston with its file transport and JSON. */
import { once } from "node:events"
import winston from "winston"
import { boundLog, plainLoop, turn } from "../workload.ts"
import { fileJob } from "./candidate.ts"

const eventsPerTurn = 1000

export default fileJob({
  async open({ path, workload }) {
    const transport = new winston.transports.File({ filename: path })
    await once(transport, "open")
    const root = winston.createLogger({
      format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
      transports: [transport]
    })
    const log = boundLog(workload, (annotations) => root.child(annotations), {
      text: (logger, text) => logger.info(text),
      textAndBody: (logger, text, body) => logger.info(text, body)
    })
    return {
      log: (events) => plainLoop(log, events, eventsPerTurn),
      async close() {
        // Ending a logger that still holds lines makes winston write after its own end.
        while (root.writableLength + root.readableLength + transport.writableLength > 0) await turn()
        const finished = once(transport, "finish")
        root.end()
        await finished
        return 0
      }
    }
  }
})
