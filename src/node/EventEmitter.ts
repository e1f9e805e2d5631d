/// <reference types="node" />
export { EventEmitter } from "node:events"
