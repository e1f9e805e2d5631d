import type { LogRecord } from "../LogRecord.ts"

/** To the engine, a longer part of a text is a view of it, which keeps all of it alive. */
const longestCopied = 12
const mostKnown = 1024

/**
 * Gives records texts of their own, with the same characters: what was cut from a
 * large text holds all of it, and a text put together from many holds them and
 * what joins them. Nobody can ask whether a text is such a one, so all are copied;
 * those that are the same become one.
 */
export class OwnTexts {
  private readonly known = new Map<string, string>()
  private readonly done = new WeakSet<object>()

  /** Replaces the texts of a record in place. */
  give(record: LogRecord): void {
    record.content = this.of(record.content)
    this.of(record.cause)
    for (const part of record.origin.parts()) {
      if (typeof part === "object" && part !== null && !this.done.has(part)) {
        this.done.add(part)
        this.of(part)
      }
    }
  }

  /** Lets go of the texts that were seen. */
  forget(): void {
    this.known.clear()
  }

  private of(u: unknown): unknown {
    if (typeof u === "string") return u.length <= longestCopied ? u : this.known.get(u) ?? this.copy(u)
    if (typeof u !== "object" || u === null) return u
    if (Array.isArray(u)) {
      for (let i = 0; i < u.length; i++) u[i] = this.of(u[i])
      return u
    }
    for (const key of Object.keys(u)) {
      const value: unknown = Reflect.get(u, key)
      const copy = this.of(value)
      if (copy !== value || typeof value === "string") Reflect.set(u, key, copy)
    }
    return u
  }

  // Two parts are joined into a new text; all other ways take several times as long, or make another view.
  private copy(text: string): string {
    const copy = [text.slice(0, longestCopied), text.slice(longestCopied)].join("")
    if (this.known.size >= mostKnown) this.known.clear()
    this.known.set(copy, copy)
    return copy
  }
}
