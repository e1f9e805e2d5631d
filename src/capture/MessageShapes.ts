import { close, item, MessageLayout, open, type Step } from "../record/PackedMessage.ts"
import { type Holds, type KnownKey, type KnownKeys, longestKnown, moreKeys } from "./KnownKeys.ts"

/** Of shapes, and of steps in the layouts of those that are remembered. */
const mostSteps = 16_384
/** A place where more keys were seen has data for keys. */
const mostFields = 64
const noKey: KnownKey = { key: "", name: "", bytes: 0, holds: "data" }

/** What may come after a place, besides a field that came often. Only few places have it, and none that is not kept. */
class Continuations {
  item: MessageShape | undefined = undefined
  opened: MessageShape | undefined = undefined
  closed: MessageShape | undefined = undefined
  moreFields: MessageShape | undefined = undefined
  /** All next fields, once there are several. */
  fields: Map<string, MessageShape> | undefined = undefined
  /** That of the messages that end here. */
  layout: MessageLayout | undefined = undefined
}

/**
 * A place in the messages that were seen: what was walked through up to there.
 * Records never hold one, because it holds all others.
 */
export class MessageShape {
  /** Of a field: the key in the program's object. */
  readonly key: string
  readonly bytes: number
  readonly holds: Holds
  readonly step: Step
  readonly before: MessageShape | undefined
  /** Whether an object has a name that is not its key: another field of it may have the same. */
  readonly mayRepeat: boolean
  /** Whether it is part of the tree. What is not is that of one message. */
  readonly isKept: boolean
  /** The next field, the last time there was one. */
  nextField: MessageShape | undefined = undefined
  next: Continuations | undefined = undefined

  constructor(before: MessageShape | undefined, step: Step, known: KnownKey, isKept: boolean) {
    const { key } = known
    this.before = before
    this.isKept = isKept
    this.step = step
    this.key = key
    this.bytes = known.bytes
    this.holds = known.holds
    this.mayRepeat = before?.mayRepeat === true || key === moreKeys || (known !== noKey && step !== key)
  }
}

/**
 * The shapes that were seen, as a tree that is walked along with a message; a
 * flood of new ones is forgotten again.
 *
 * Objects of one kind have their keys in one order, so the next field is mostly
 * the one that came next before.
 */
export class MessageShapes {
  private readonly knownKeys: KnownKeys
  private count = 0
  private single = new MessageShape(undefined, item, noKey, true)
  private list = new MessageShape(undefined, item, noKey, true)

  constructor(knownKeys: KnownKeys) {
    this.knownKeys = knownKeys
  }

  /** Where the walk through a message begins that is a list, or is none. */
  root(isList: boolean): MessageShape {
    if (this.count > mostSteps) this.forget()
    return isList ? this.list : this.single
  }

  item(shape: MessageShape): MessageShape {
    return shape.isKept ? nextOf(shape).item ??= this.make(shape, item) : this.make(shape, item)
  }

  open(shape: MessageShape): MessageShape {
    return shape.isKept ? nextOf(shape).opened ??= this.make(shape, open) : this.make(shape, open)
  }

  close(shape: MessageShape): MessageShape {
    return shape.isKept ? nextOf(shape).closed ??= this.make(shape, close) : this.make(shape, close)
  }

  field(shape: MessageShape, key: string): MessageShape {
    const next = shape.nextField
    return next !== undefined && next.key === key ? next : this.findField(shape, key)
  }

  /** The layout of the messages that end here. */
  layout(shape: MessageShape): MessageLayout {
    if (!shape.isKept) return this.makeLayout(shape)
    const next = nextOf(shape)
    const known = next.layout
    if (known === undefined) return next.layout = this.makeLayout(shape)
    known.isShared = true
    return known
  }

  /** The field that stands where the rest of an object would. */
  more(shape: MessageShape): MessageShape {
    return shape.isKept ? nextOf(shape).moreFields ??= this.make(shape, moreKeys) : this.make(shape, moreKeys)
  }

  private findField(shape: MessageShape, key: string): MessageShape {
    const fields = shape.next?.fields
    const found = fields?.get(key)
    if (found !== undefined) return shape.nextField = found
    const isKept = shape.isKept && key.length <= longestKnown && (fields === undefined || fields.size < mostFields)
    const known = this.knownKeys.get(key)
    const field = this.make(shape, known.name, known, isKept)
    if (isKept) keepField(shape, field)
    return field
  }

  private make(before: MessageShape, step: Step, known = noKey, isKept = before.isKept): MessageShape {
    this.count++
    return new MessageShape(before, step, known, isKept)
  }

  private makeLayout(end: MessageShape): MessageLayout {
    const layout = layoutOf(end)
    this.count += layout.steps.length
    return layout
  }

  private forget(): void {
    this.count = 0
    this.single = new MessageShape(undefined, item, noKey, true)
    this.list = new MessageShape(undefined, item, noKey, true)
  }
}

const nextOf = (shape: MessageShape): Continuations => shape.next ??= new Continuations()

const keepField = (shape: MessageShape, field: MessageShape): void => {
  const before = shape.nextField
  if (before !== undefined) (nextOf(shape).fields ??= new Map([[before.key, before]])).set(field.key, field)
  shape.nextField = field
}

const layoutOf = (end: MessageShape): MessageLayout => {
  const steps: Array<Step> = []
  let isList = false
  for (let shape = end; shape.before !== undefined; shape = shape.before) {
    steps.push(shape.step)
    isList = shape.step === item
  }
  return new MessageLayout(isList, steps.toReversed())
}
