/** How errors are shown whose classes were declared. Every log call may ask for it, so that nothing of Schema is in here. */
export interface ErrorForm {
  /** What a cause shows of an error: its fields, and why and how to mend it. */
  readonly properties: (error: object) => Readonly<Record<string, unknown>>
  /** Whether a field has sensitive parts. */
  readonly hides: (field: string) => boolean
  /** A text that an error gave of itself, as far as no sensitive field is in it. */
  readonly shown: (text: string, error: object) => string
}

const byClass = new WeakMap<object, ErrorForm>()

export const registerForm = (constructor: object, form: ErrorForm): void => {
  byClass.set(constructor, form)
}

/** How the errors of a class are shown, if it was declared. */
export const formOf = (constructor: unknown): ErrorForm | undefined =>
  typeof constructor === "function" ? byClass.get(constructor) : undefined
