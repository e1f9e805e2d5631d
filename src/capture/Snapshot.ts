import type { LogRedactor } from "../LogRedactor.ts"
import { eventName, FieldMarker, type FieldwiseEvent, type GatheredEvent } from "../record/EventMessage.ts"
import { PackedMessage } from "../record/PackedMessage.ts"
import { isObject, newArray } from "../record/plainData.ts"
import { markedValue } from "./effectValues.ts"
import type { Holds } from "./KnownKeys.ts"
import { type Limits, objectBytes } from "./limits.ts"
import { type MessageShape, MessageShapes } from "./MessageShapes.ts"
import { instead } from "./namedValues.ts"
import { mostInherited, ValueWalk } from "./ValueWalk.ts"
import { type Fields, isFields } from "./walk.ts"

const none: ReadonlyArray<unknown> = []
const nothing: Fields = {}
/** Arrays of each small size, to be copied. */
const templates = Array.from({ length: 33 }, (_, size) => Array.from({ length: size }, (): unknown => none))
/** The answer that what was asked for is packed. */
const packed = Symbol("packed")

// Not shared between files: the engine asks it quickly where it is a constant of the file.
// oxlint-disable-next-line typescript/unbound-method -- always called on an object
const hasOwn = Object.prototype.hasOwnProperty

/**
 * Copies what one log call says. Its message is packed as far as it is made of
 * ordinary objects: the walk lays their leaves into an array, and finds the layout of
 * those by walking a tree of the keys that were seen.
 */
export class Snapshot extends ValueWalk {
  private readonly shapes: MessageShapes
  /** How far the message that is being packed is walked. */
  private shape: MessageShape
  private leaves: Array<unknown> = newArray()
  private leafCount = 0
  /** Whether each event can be walked field by field. */
  private readonly isWalked = new WeakMap<FieldwiseEvent, boolean>()
  /** Whether the event that was walked last has a marker in place of a field. */
  isMarked = false

  constructor(redactor: LogRedactor, limits: Limits) {
    super(redactor, limits)
    this.shapes = new MessageShapes(this.knownKeys)
    this.shape = this.shapes.root(false)
  }

  /** The messages of a log call: the only one, or all of them in an array. */
  messages(messages: ReadonlyArray<unknown>): unknown {
    if (messages.length !== 1) return this.list(messages)
    const only = messages[0]
    // Asked here too: a text is by far the most frequent message.
    return typeof only === "string" ? this.bounded(only) : this.message(only)
  }

  /** The only message of a log call. */
  message(u: unknown): unknown {
    if (typeof u === "object") this.beginPacking(false)
    const copy = this.copyOrPack(u, 0)
    return copy === packed ? this.packed() : copy
  }

  /**
   * The fields of an event, as {@link message} has those of an object, without that object.
   * Nothing where what a field shows hangs on others: then there must be one.
   */
  event(event: FieldwiseEvent, given: unknown): unknown {
    const isWalked = this.isWalked.get(event) ?? this.decide(event)
    if (!isWalked) return undefined
    this.isMarked = false
    this.bytes += objectBytes
    this.beginPacking(false)
    const source = isObject(given) ? given : nothing
    const { shapes } = this
    const { fields } = event
    let shape = shapes.field(shapes.open(this.shape), eventName)
    this.bytes += shape.bytes
    this.leaves[0] = this.bounded(event.name)
    this.leafCount = 1
    for (let i = 0; i < fields.length; i++) {
      const encoder = fields[i]!
      const value = encoder.encode(source)
      if (value !== undefined) shape = this.packField(shape, encoder.name, value)
    }
    this.shape = shapes.close(shape)
    return this.packed()
  }

  /**
   * All that an event has gathered, as {@link message} has the fields of an object. What is said first has room
   * before what was added: it says what the record is.
   */
  gathered({ bytes, copies, said: { names, values } }: GatheredEvent): unknown {
    this.isMarked = false
    this.bytes += objectBytes
    this.beginPacking(false)
    const { shapes } = this
    let shape = shapes.open(this.shape)
    for (let i = 0; i < names.length; i++) shape = this.packField(shape, names[i]!, values[i])
    this.bytes += bytes
    for (const name in copies) {
      shape = shapes.field(shape, name)
      this.leaves[this.leafCount++] = copies[name]
    }
    this.shape = shapes.close(shape)
    return this.packed()
  }

  /** Packs a field of an event that comes after a place. Gives the place after it. */
  private packField(after: MessageShape, name: string, value: unknown): MessageShape {
    const field = this.shapes.field(after, name)
    const at = this.leafCount
    this.bytes += field.bytes
    this.shape = field
    const copy = this.fieldOf(field.holds, value)
    if (copy === packed) return this.shape
    if (copy === undefined) return after
    this.leafCount = at + 1
    this.leaves[at] = copy
    return field
  }

  /** Whether no field of an event is one that is known by what stands beside it, and there are not too many. */
  private decide(event: FieldwiseEvent): boolean {
    const isWalked = event.fields.length < this.limits.keys && event.fields.every(({ name }) => {
      const { holds } = this.knownKeys.get(name)
      return holds === "data" || holds === "url" || holds === "secret"
    })
    this.isWalked.set(event, isWalked)
    return isWalked
  }

  private fieldOf(holds: Holds, value: unknown): unknown {
    const isMarker = value instanceof FieldMarker
    if (isMarker) this.isMarked = true
    const u = isMarker ? value.text : value
    if (holds === "data") return this.copyOrPack(u, 1)
    if (holds !== "url") return this.marker
    return typeof u === "string" ? this.boundedUrl(u) : this.kept(holds, u, 1)
  }

  private list(messages: ReadonlyArray<unknown>): unknown {
    const { length } = messages
    if (length === 0 || length > this.limits.keys) return this.array(messages, -1)
    this.beginPacking(true)
    this.bytes += objectBytes + 8 * length
    for (let i = 0; i < length; i++) {
      const at = this.leafCount
      const shape = this.shapes.item(this.shape)
      this.shape = shape
      const copy = this.copyOrPack(messages[i], 0)
      if (copy === packed) continue
      this.shape = shape
      this.leaves[at] = copy ?? null
      this.leafCount = at + 1
    }
    return this.packed()
  }

  /** The leaves are put into an array of the size that was right the last time: it is not made larger while it is filled. */
  private beginPacking(isList: boolean): void {
    this.shape = this.shapes.root(isList)
    this.leaves = (templates[this.leafCount] ?? none).slice()
    this.leafCount = 0
  }

  private packed(): unknown {
    const { leafCount, leaves, shape } = this
    const layout = this.shapes.layout(shape)
    const message = new PackedMessage(layout, leaves.length === leafCount ? leaves : leaves.slice(0, leafCount))
    return shape.mayRepeat ? message.unpack() : message
  }

  /**
   * Packs ordinary objects, which is answered with {@link packed}, and copies everything
   * else. One that fails may have been packed in part: whoever asks goes on from where
   * it was.
   */
  private copyOrPack(u: unknown, depth: number): unknown {
    if (typeof u === "string") return this.bounded(u)
    if (typeof u !== "object") return this.value(u, depth)
    return isFields(u) ? this.object(u, depth, "packed") : null
  }

  /**
   * As {@link own}, but in a loop of its own: here a key is known by its place in the
   * tree, without being looked up, and a copy is put into an array, without a name. One
   * loop for both would have to call somebody for each, for every field.
   */
  protected packFields(source: Fields, depth: number): unknown {
    const { shapes } = this
    let shape = shapes.open(this.shape)
    let count = 0
    let more = 0
    let inherited = 0
    for (const key in source) {
      if (!hasOwn.call(source, key)) {
        if (++inherited > mostInherited) break
        continue
      }
      if (more > 0 || this.isEnough(count)) {
        more++
        continue
      }
      count++
      const field = shapes.field(shape, key)
      if (field.holds === "typeId") {
        const copy = markedValue(source, depth, this)
        if (copy === undefined) continue
        return copy
      }
      const at = this.leafCount
      this.bytes += field.bytes
      this.shape = field
      const copy = field.holds === "data"
        ? this.copyOrPack(this.valueAt(source, key), depth + 1)
        : this.packOther(field.holds, source, key, depth + 1)
      if (copy === packed) {
        shape = this.shape
      } else if (copy !== undefined) {
        shape = field
        this.leaves[at] = copy
        this.leafCount = at + 1
      }
    }
    if (more > 0) {
      shape = shapes.more(shape)
      this.leaves[this.leafCount++] = this.rest(more)
    }
    this.shape = shapes.close(shape)
    return packed
  }

  private packOther(holds: Holds, source: Fields, key: string, depth: number): unknown {
    if (holds === "secret") return this.marker
    const u = this.valueAt(source, key)
    if (holds !== "url") return this.copyOrPack(instead(holds, source, u, this), depth)
    return typeof u === "string" ? this.boundedUrl(u) : this.kept(holds, u, depth)
  }
}
