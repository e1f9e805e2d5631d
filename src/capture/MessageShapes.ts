import { close, item, MessageLayout, open, type Step } from "../record/PackedMessage.ts"
import { type Holds, type KnownKey, type KnownKeys, longestKnown, moreKeys } from "./KnownKeys.ts"

/** Of shapes, and of steps in the layouts of those that are remembered. */
const mostSteps = 16_384
/** A place where more keys were seen has data for keys. */
const mostFields = 64
const noKey: KnownKey = { key: "", name: "", bytes: 0, holds: "data" }

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
  nextItem: MessageShape | undefined = undefined
  opened: MessageShape | undefined = undefined
  closed: MessageShape | undefined = undefined
  moreFields: MessageShape | undefined = undefined
  /** All next fields, once there are several. */
  fields: Map<string, MessageShape> | undefined = undefined
  /** That of the messages that end here. */
  layout: MessageLayout | undefined = undefined

  constructor(before: MessageShape | undefined, step: Step, { bytes, holds, key }: KnownKey, isKept: boolean) {
    this.before = before
    this.isKept = isKept
    this.step = step
    this.key = key
    this.bytes = bytes
    this.holds = holds
    this.mayRepeat = before?.mayRepeat === true || (typeof step === "string" && (step !== key || key === moreKeys))
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
    return shape.nextItem ??= this.make(shape, item, noKey)
  }

  open(shape: MessageShape): MessageShape {
    return shape.opened ??= this.make(shape, open, noKey)
  }

  close(shape: MessageShape): MessageShape {
    return shape.closed ??= this.make(shape, close, noKey)
  }

  field(shape: MessageShape, key: string): MessageShape {
    const next = shape.nextField
    return next !== undefined && next.key === key ? next : this.findField(shape, key)
  }

  /** The layout of the messages that end here. */
  layout(shape: MessageShape): MessageLayout {
    const known = shape.layout
    if (known === undefined) return shape.layout = this.makeLayout(shape)
    known.isShared = true
    return known
  }

  /** The field that stands where the rest of an object would. */
  more(shape: MessageShape): MessageShape {
    return shape.moreFields ??= this.make(shape, moreKeys, {
      key: moreKeys,
      name: moreKeys,
      bytes: 0,
      holds: "data"
    })
  }

  private findField(shape: MessageShape, key: string): MessageShape {
    const found = shape.fields?.get(key)
    if (found !== undefined) return shape.nextField = found
    const isKept = shape.isKept && key.length <= longestKnown && (shape.fields?.size ?? 0) < mostFields
    const known = this.knownKeys.get(key)
    const field = this.make(shape, known.name, known, isKept)
    if (isKept) keepField(shape, field)
    return field
  }

  private make(before: MessageShape, step: Step, known: KnownKey, isKept = before.isKept): MessageShape {
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

const keepField = (shape: MessageShape, field: MessageShape): void => {
  const before = shape.nextField
  if (before !== undefined) shape.fields ??= new Map([[before.key, before]])
  shape.fields?.set(field.key, field)
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
