/// <reference types="node" />
export type { IncomingMessage, ServerResponse } from "node:http"
export type { Duplex } from "node:stream"
