/**
 * What an access record says, by the names of OpenTelemetry's semantic conventions for HTTP (version 1.27 and later,
 * “HTTP server”, and the registry of `http.*`, `url.*`, `client.*`, `network.*`, `error.*`). `requestId`,
 * {@link sentStatus} and {@link errorWhy} have no name there.
 */
export const requestId = "requestId"
export const method = "http.request.method"
export const methodOriginal = "http.request.method_original"
export const route = "http.route"
export const path = "url.path"
export const query = "url.query"
export const scheme = "url.scheme"
export const protocolVersion = "network.protocol.version"
export const status = "http.response.status_code"
/** The status that went out before the response broke off. */
export const sentStatus = "http.response.status_code_sent"
export const requestBytes = "http.request.body.size"
export const responseBytes = "http.response.body.size"
/** Those of all that went over a connection behind the head of the request. */
export const requestSize = "http.request.size"
export const responseSize = "http.response.size"
export const clientAddress = "client.address"
export const peerAddress = "network.peer.address"
export const serverAddress = "server.address"
export const userAgent = "user_agent.original"
export const errorType = "error.type"
/** What a request was refused for. */
export const errorWhy = "error.why"
