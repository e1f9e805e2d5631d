/**
 * The name that makes a record the same one everywhere: a random part of 16
 * characters that all records of a runtime share, and behind it the record's number
 * in base 36, 10 characters for more records than a runtime makes in a century.
 */
export const uidOf = (runtimeId: string, seq: number): string => runtimeId + seq.toString(36)

/** How many records of one millisecond are told apart by their time. */
export const mostPlaces = 1_000_000

/** The time of a record in nanoseconds: its millisecond, and its place among the records of that. Total: no time is 0. */
export const nanosOf = (time: number, place: number): bigint =>
  Number.isFinite(time) ? BigInt(Math.floor(time)) * 1_000_000n + BigInt(place) : 0n
