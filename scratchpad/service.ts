/**
 * A small service, to see the runtime at work: a shop with an HTTP API, a worker that packs
 * what is ordered and a job that refills the stock. Each request, each attempt of the worker and each
 * run of the job is one record: lines for people on the console, JSON lines in logs/service.ndjson.
 *
 *     npm start
 *
 * Ctrl-C or SIGTERM stops the server, then the worker, the job and logging, and prints
 * the report.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Layer } from "effect"
import { Logging } from "../src/index.ts"
import * as Cron from "./service/cron.ts"
import { LoggingLive } from "./service/logging.ts"
import * as Orders from "./service/orders.ts"
import * as Server from "./service/server.ts"
import * as Worker from "./service/worker.ts"

// What is provided closes after what it is provided to: server, worker, cron, and logging around all of them.
Server.layer.pipe(
  Layer.provide(Worker.layer),
  Layer.provide(Cron.layer),
  Layer.provide(Orders.layer),
  Layer.launch,
  Logging.runMain(LoggingLive, NodeRuntime.runMain)
)
