import type * as Cause from "effect/Cause"
import type { CauseReason } from "../record/CauseReason.ts"
import type { CutText } from "../record/CutText.ts"
import type { Holds, KnownKeys } from "./KnownKeys.ts"
import type { Limits } from "./limits.ts"

/** An object whose keys are read. */
export type Fields = Readonly<Record<string, unknown>>

export const isFields = (u: object | null): u is Fields => u !== null

/** Copies an object in its own way, as a part of a walk. */
export type Copy = (u: Fields, depth: number, walk: Walk) => unknown

/**
 * What those who copy one kind of object ask of the walk that they are a part of:
 * to copy what is in it, to bound a text, to say what it is.
 */
export interface Walk {
  /** Estimated memory of what was copied since the walk began: two bytes a UTF-16 unit plus overheads. */
  bytes: number
  /** Whether what is copied belongs to an error. */
  isInsideError: boolean
  /** What stands for a secret. */
  readonly marker: string
  readonly limits: Limits
  readonly knownKeys: KnownKeys
  value(u: unknown, depth?: number): unknown
  text(s: string): string
  url(text: string): string
  /** A URL that is yet to be copied. */
  urlOf(text: string): string | CutText
  /** What a span is called, which may name a URL. */
  label(text: string): string
  /** What an error says, which often names the URL that failed. */
  said(text: string): string
  cause(cause: Cause.Cause<unknown>, depth?: number): ReadonlyArray<CauseReason>
  /** What failed, or what an error was caused by: there an object with a message stands for an error, whatever it is made of. */
  failure(u: unknown, depth: number): unknown
  /** The errors that an error gathers. */
  failures(errors: ReadonlyArray<unknown>, depth: number): ReadonlyArray<unknown>
  /** The value of a field, or what stands in its place. */
  read(fields: Fields, key: string): unknown
  /** The value of a key that is shown. */
  kept(holds: Holds, u: unknown, depth: number): unknown
  array(source: ReadonlyArray<unknown>, depth: number): Array<unknown>
  own(source: Fields, depth: number, out: Record<string, unknown>): unknown
  /** Says how many keys are left out. */
  rest(more: number): string
  /** Whether no more keys are copied than so many. */
  isEnough(keys: number): boolean
  redactable(u: Fields, depth: number): unknown
  json(u: Fields, toJSON: Function, depth: number): unknown
  /** What an object calls itself, in brackets. */
  tag(u: object): string
  /** What an object is, in brackets. */
  kind(u: object): string
}
