/** What a far end of one protocol answers, and what it finds in the bodies it was sent. */
import type { Body } from "../Body.ts"

export interface Question {
  readonly path: string
  readonly parameters: URLSearchParams
  readonly body: Body
}

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Protocol {
  /** Whether a request brings records. */
  readonly takes: (path: string) => boolean
  readonly answer: (question: Question) => Answer
  /** The records of a body, read by what is not ours. */
  readonly records: (body: Body) => ReadonlyArray<unknown>
}
