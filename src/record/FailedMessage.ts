/**
 * The message of a call of the direct logger that comes with an error which is to be the
 * record's own, like the cause of a failed effect, and not one attribute among others.
 */
export class FailedMessage {
  readonly message: unknown
  readonly error: unknown

  constructor(message: unknown, error: unknown) {
    this.message = message
    this.error = error
  }
}
