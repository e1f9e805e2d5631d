/// <reference types="node" />
import { hostname } from "node:os"

/** The process, and the machine or the container that it runs in. */
export const thisProcess = (): { readonly host: string; readonly pid: number } => ({
  host: hostname(),
  pid: process.pid
})
