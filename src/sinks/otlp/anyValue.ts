/**
 * What is logged as an `AnyValue` (OTLP 1.11, `common/v1/common.proto`): null is one with nothing
 * in it, a whole number that is safe is an integer, any other number a double, what is in an
 * object a list of keys and values.
 */
import { CutText } from "../../record/CutText.ts"
import { close, open, type PackedMessage, shown, type Step } from "../../record/PackedMessage.ts"
import { isRecord } from "../../record/plainData.ts"
import { fixed64Tag, lengthTag, type ProtobufBuffer, varintTag } from "./ProtobufBuffer.ts"

const string = lengthTag(1)
const bool = varintTag(2)
const int = varintTag(3)
const double = fixed64Tag(4)
const array = lengthTag(5)
const kvlist = lengthTag(6)
const bytes = lengthTag(7)
/** An item of a list, or a pair of one. */
const values = lengthTag(1)
/** The fields of a pair. */
export const key = lengthTag(1)
export const value = lengthTag(2)

/** What lies deeper is text: decoders bound how far messages lie in each other, some at 100. */
export const deepest = 24

/** A value as the kinds of `AnyValue` have it. */
export type Plain =
  | string
  | number
  | boolean
  | bigint
  | null
  | Uint8Array
  | ReadonlyArray<unknown>
  | Readonly<Record<string, unknown>>

/** A value, with what stands for one that is none of the kinds. */
export const plainOf = (u: unknown, depth: number): Plain => {
  switch (typeof u) {
    case "string":
    case "number":
    case "boolean":
      return u
    case "bigint":
      return BigInt.asIntN(64, u) === u ? u : String(u)
    case "undefined":
      return null
    case "object":
      return objectOf(u, depth)
    case "symbol":
    case "function":
      return String(u)
  }
}

const objectOf = (u: object | null, depth: number): Plain => {
  if (u === null || u instanceof Uint8Array) return u
  if (u instanceof CutText) return u.toWellFormed()
  if (depth > deepest) return JSON.stringify(u) ?? ""
  if (Array.isArray(u)) return u
  if ("toJSON" in u && typeof u.toJSON === "function") {
    return plainOf(u.toJSON(), depth + 1)
  }
  return isRecord(u) ? u : null
}

/** Text of so many characters, each code point counted as one. */
export const cutText = (text: string, most: number): string => {
  if (text.length <= most) return text
  let end = 0
  for (let count = 0; count < most && end < text.length; count++) end += text.codePointAt(end)! > 0xffff ? 2 : 1
  return text.slice(0, end)
}

/** Appends the fields of the `AnyValue` of a value, whose texts have a length at most. */
export const appendValue = (out: ProtobufBuffer, u: unknown, mostText: number, depth = 0): void => {
  const plain = typeof u === "string" ? u : plainOf(u, depth)
  switch (typeof plain) {
    case "string":
      return out.text(string, plain.length > mostText ? cutText(plain, mostText) : plain)
    case "number":
      return Number.isSafeInteger(plain) ? out.int64(int, plain) : out.double(double, plain)
    case "boolean":
      return out.varint(bool, plain ? 1 : 0)
    case "bigint":
      return out.int64(int, plain)
  }
  if (plain === null) return
  if (plain instanceof Uint8Array) {
    out.bytesField(bytes, plain.length > mostText ? plain.subarray(0, mostText) : plain)
  } else if (isList(plain)) {
    const list = out.begin(array)
    for (const item of plain) {
      const from = out.begin(values)
      appendValue(out, item, mostText, depth + 1)
      out.end(from)
    }
    out.end(list)
  } else {
    const list = out.begin(kvlist)
    for (const name of Object.keys(plain)) {
      if (plain[name] !== undefined) appendPair(out, values, name, plain[name], mostText, depth + 1)
    }
    out.end(list)
  }
}

export const isList = (u: object): u is ReadonlyArray<unknown> => Array.isArray(u)

/** Appends a field that is a key and its value. */
export const appendPair = (
  out: ProtobufBuffer,
  tag: number,
  name: string,
  u: unknown,
  mostText: number,
  depth = 0
): void => {
  const pair = out.begin(tag)
  out.text(key, name)
  const from = out.begin(value)
  appendValue(out, u, mostText, depth)
  out.end(from)
  out.end(pair)
}

/** Steps that no layout has which goes deeper: each level takes three. */
const mostSteps = 3 * deepest + 1

/** Appends what is packed from its leaves, which are in their order. */
export class PackedValues {
  private readonly out: ProtobufBuffer
  private readonly mostText: number
  private steps: ReadonlyArray<Step> = []
  private leaves: ReadonlyArray<unknown> = []
  private step = 0
  private leaf = 0

  constructor(out: ProtobufBuffer, mostText: number) {
    this.out = out
    this.mostText = mostText
  }

  /** Appends the fields of the `AnyValue` of a packed message. */
  appendMessage(packed: PackedMessage): void {
    const { out } = this
    if (packed.layout.steps.length > mostSteps) return appendValue(out, packed.unpack(), this.mostText)
    this.begin(packed)
    if (!packed.layout.isList) return this.appendNext(0)
    const list = out.begin(array)
    while (this.step < this.steps.length) {
      this.step++
      const from = out.begin(values)
      this.appendNext(1)
      out.end(from)
    }
    out.end(list)
  }

  /** Appends the fields of a packed object, each as a field with a key and its value. */
  appendFields(tag: number, packed: PackedMessage): void {
    if (packed.layout.steps.length > mostSteps) return this.appendUnpacked(tag, packed.unpack())
    this.begin(packed)
    this.step = 1
    this.appendPairs(tag, 0)
  }

  /** Lets go of what was packed. */
  forget(): void {
    this.leaves = []
  }

  private appendUnpacked(tag: number, fields: unknown): void {
    if (!isRecord(fields)) return
    for (const name of Object.keys(fields)) appendPair(this.out, tag, name, fields[name], this.mostText)
  }

  private begin({ layout, leaves }: PackedMessage): void {
    this.steps = layout.steps
    this.leaves = leaves
    this.step = 0
    this.leaf = 0
  }

  private appendNext(depth: number): void {
    const { out, steps } = this
    if (steps[this.step] !== open) return appendValue(out, shown(this.leaves[this.leaf++]), this.mostText, depth)
    this.step++
    const list = out.begin(kvlist)
    this.appendPairs(values, depth + 1)
    out.end(list)
  }

  private appendPairs(tag: number, depth: number): void {
    const { out, steps } = this
    while (steps[this.step] !== close) {
      const pair = out.begin(tag)
      out.text(key, String(steps[this.step++]))
      const from = out.begin(value)
      this.appendNext(depth)
      out.end(from)
      out.end(pair)
    }
    this.step++
  }
}
