/** winston with its HTTP transport, which is done when the far end has everything: it does not say so itself. */
import { Agent } from "node:http"
import winston from "winston"
import type { Job } from "../../job.ts"
import { boundLog, plainLoop } from "../../workload.ts"
import { networkJob } from "../networkJob.ts"

/** The transport sends a batch that is not full after so long. */
const batchInterval = 50

export const winstonHttp = (batchCount: number): Job =>
  networkJob({
    closes: "sent",
    open({ url, workload, yieldEvery }) {
      const { hostname: host, port } = new URL(url)
      const agent = new Agent({ keepAlive: true, maxSockets: 16 })
      const transport = new winston.transports.Http({
        host,
        port: Number(port),
        path: "in",
        agent,
        batch: true,
        batchCount,
        batchInterval
      })
      transport.on("warn", (error) => console.error(error))
      // The transport makes JSON of events itself.
      const root = winston.createLogger({ format: winston.format.timestamp(), transports: [transport] })
      const log = boundLog(workload, (annotations) => root.child(annotations), {
        text: (logger, text) => logger.info(text),
        textAndBody: (logger, text, body) => logger.info(text, body)
      })
      return Promise.resolve({
        log: (events) => plainLoop(log, events, yieldEvery),
        close: () => Promise.resolve(0)
      })
    }
  })
