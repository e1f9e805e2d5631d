import winston from "winston"

const logger = winston.createLogger({
  format: winston.format.json(),
  transports: [new winston.transports.File({ filename: "app.ndjson" })]
})

const log = logger.child({ requestId: "r-1" })
log.info("order placed", { order: 1042, cardToken: "tok_4242" })
log.warn("out of stock", { item: "lamp" })
log.error("payment failed", { error: new Error("card declined") })
console.log("served")
