/**
 * What the process hooks may do to a runtime, kept out of its public service.
 */
export interface Control {
  readonly noteSignal: (signal: string) => void
  readonly hurry: () => void
  /** Runs when shutdown has ended; at once when it has. */
  readonly onEnd: (run: () => void) => void
}

export const controls = new WeakMap<object, Control>()
