const dated = /\{(yyyy(?:[.-]MM(?:[.-]dd)?)?)\}/g

const millisOfDay = 86_400_000

/** The names of indices that hold the records of a year, a month or a day in UTC. */
export class DatedIndex {
  private readonly pattern: string
  private day = Number.NaN
  private name = ""

  constructor(pattern: string) {
    this.pattern = pattern
  }

  /** The index of a record of this time, as JSON. */
  of(time: number): string {
    const day = Math.floor(time / millisOfDay)
    if (day !== this.day) {
      this.day = day
      this.name = JSON.stringify(indexOn(this.pattern, day))
    }
    return this.name
  }
}

/** Whether a name has a date in it. */
export const isDated = (name: string): boolean => name.search(dated) >= 0

/** An index by its pattern, at so many days since 1970. What is no day is the first one. */
export const indexOn = (pattern: string, day: number): string => {
  const given = new Date(day * millisOfDay)
  const date = Number.isNaN(given.getTime()) ? new Date(0) : given
  const digits = (part: number, count: number): string => String(part).padStart(count, "0")
  return pattern.replaceAll(dated, (_, parts: string) =>
    parts.replace("yyyy", digits(date.getUTCFullYear(), 4))
      .replace("MM", digits(date.getUTCMonth() + 1, 2))
      .replace("dd", digits(date.getUTCDate(), 2)))
}
