/** Where the bytes that records have in common stand in the batch of some renderer. */
export class BatchPlace {
  batch: object
  from = 0
  /** Where the duration of the only log span stands, which differs from record to record; -1 without one. */
  duration = -1
  afterDuration = 0
  to = 0

  constructor(batch: object) {
    this.batch = batch
  }
}
