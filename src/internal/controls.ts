/**
 * What the process hooks may do to a runtime, kept out of its public service.
 */
export interface Control {
  readonly noteSignal: (signal: string) => void
  readonly hurry: () => void
}

export const controls = new WeakMap<object, Control>()
