import { pino } from "pino"

const logger = pino(pino.destination({ dest: "app.ndjson", sync: true }))

const log = logger.child({ requestId: "r-1" })
log.info({ order: 1042, cardToken: "tok_4242" }, "order placed")
log.warn({ item: "lamp" }, "out of stock")
log.error({ err: new Error("card declined") }, "payment failed")
console.log("served")
