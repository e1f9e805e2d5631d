/// <reference types="node" />
export type { IncomingMessage, ServerResponse } from "node:http"
export type { Http2ServerRequest, Http2ServerResponse } from "node:http2"
export type { Duplex } from "node:stream"
