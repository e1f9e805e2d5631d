import * as Effect from "effect/Effect"
import { lowerCase } from "../../record/level.ts"
import type { RecordOrigin } from "../../record/RecordOrigin.ts"
import { AnnotationLabel } from "./AnnotationLabel.ts"
import { freeName, Names } from "./names.ts"

/** What the streams of a sink are told apart by. */
export interface LabelOptions {
  /** What all streams have. */
  readonly labels: Readonly<Record<string, string>>
  /** The name of the label that is the level, if there is one. */
  readonly levelLabel: string | false
  /** The annotations that are labels. */
  readonly labelsFrom: ReadonlyArray<string>
  /** Most values of each of these. */
  readonly maxLabelValues: number
}

/** Where records belong. */
export interface Placed {
  /** The labels of their stream, as JSON. */
  readonly stream: string
  /** The names of these. */
  readonly names: ReadonlySet<string>
  /** The annotations that are among them. */
  readonly annotations: ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()

/** The labels of records, of which every set of values is a stream. */
export class Labels {
  /** The names of labels that some streams have and others have not. */
  readonly ofSome: ReadonlySet<string>
  private readonly start: string
  private readonly names: ReadonlySet<string>
  private readonly levelLabel: string | false
  private readonly fromAnnotations: ReadonlyArray<AnnotationLabel>
  private news: Array<string> = []

  constructor({ labels, labelsFrom, levelLabel, maxLabelValues }: LabelOptions) {
    this.start = JSON.stringify(labels).slice(0, -1)
    this.levelLabel = levelLabel
    this.names = new Set([...Object.keys(labels), ...(levelLabel === false ? [] : [levelLabel])])
    const taken = new Set(this.names)
    const names = new Names()
    this.fromAnnotations = [...new Set(labelsFrom)].map((annotation) => {
      const name = freeName(taken, names.of(annotation))
      taken.add(name)
      return new AnnotationLabel(annotation, name, maxLabelValues, (text) => this.news.push(text))
    })
    this.ofSome = new Set(this.fromAnnotations.map(({ name }) => name))
  }

  placeOf({ context, level }: RecordOrigin): Placed {
    let stream = this.start
    // Names and levels are JSON as they are.
    if (this.levelLabel !== false) stream += `,"${this.levelLabel}":"${lowerCase[level]}"`
    if (this.fromAnnotations.length === 0) return { stream: `${stream}}`, names: this.names, annotations: none }
    const names = new Set(this.names)
    const annotations = new Set<string>()
    for (const label of this.fromAnnotations) {
      const value = label.valueIn(context.annotations)
      if (value === undefined) continue
      stream += `,"${label.name}":${JSON.stringify(value)}`
      names.add(label.name)
      annotations.add(label.annotation)
    }
    return { stream: `${stream}}`, names, annotations }
  }

  /** Says which annotations are no labels any more, each once. */
  readonly tell: Effect.Effect<void> = Effect.suspend(() => {
    const { news } = this
    if (news.length === 0) return Effect.void
    this.news = []
    return Effect.forEach(news, (text) => Effect.logWarning(text), { discard: true })
  })
}
