/** Starts the far end. */
import { fork } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"

export interface Server {
  readonly url: string
  readonly stop: () => void
}

export const startServer = async (): Promise<Server> => {
  const child = fork(join(import.meta.dirname, "server.ts"), { execArgv: ["--max-old-space-size=3072"] })
  const [url]: Array<unknown> = await once(child, "message")
  return { url: String(url), stop: () => child.disconnect() }
}
