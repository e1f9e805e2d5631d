/** What a candidate's process asks the far end. */
import type { Expected, Verdict } from "./judge.ts"
import { isObject } from "./plain.ts"

/** What arrived since it was last judged. */
export interface Received {
  readonly requests: number
  /** Of bodies, as they were on the wire. */
  readonly bytes: number
  readonly events: number
}

export interface Judged extends Received, Verdict {}

const pollMillis = 10
const patienceMillis = 60_000

export class FarEnd {
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  /** Waits until so many events are there; after a minute without news whatever is there will do. */
  async until(events: number): Promise<void> {
    let last = 0
    let since = Date.now()
    for (;;) {
      const { events: arrived } = await this.received()
      if (arrived >= events) return
      if (arrived > last) {
        last = arrived
        since = Date.now()
      } else if (Date.now() - since > patienceMillis) return
      await new Promise((resolve) => setTimeout(resolve, pollMillis))
    }
  }

  async judged({ events, workload }: Expected): Promise<Judged> {
    const answer = await this.ask(`/judged?workload=${workload}&events=${events}`)
    if (!isJudged(answer)) throw new Error(`the far end says of what it has: ${JSON.stringify(answer)}`)
    return answer
  }

  private async received(): Promise<Received> {
    const answer = await this.ask("/received")
    if (!isReceived(answer)) throw new Error(`the far end says of how much it has: ${JSON.stringify(answer)}`)
    return answer
  }

  private async ask(path: string): Promise<unknown> {
    const answer = await fetch(`${this.url}${path}`)
    const value: unknown = await answer.json()
    return value
  }
}

const isReceived = (u: unknown): u is Received => isObject(u) && "requests" in u && "bytes" in u && "events" in u

const isJudged = (u: unknown): u is Judged => isReceived(u) && "missing" in u && "doubled" in u && "wrong" in u
