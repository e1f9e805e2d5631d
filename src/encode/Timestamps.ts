/** The ends of times, each there once it was seen. */
const ends: Array<string | undefined> = Array.from({ length: 1000 })

/** Formats times as ISO 8601 in UTC; consecutive times of one second share its text. */
export class Timestamps {
  private second = Number.NaN
  private prefix = ""

  format(time: number): string {
    const second = Math.floor(time / 1000)
    if (second !== this.second) {
      const iso = isoOf(second * 1000)
      if (iso === undefined) return "Invalid Date"
      this.second = second
      this.prefix = iso.slice(0, -4)
    }
    const millis = Math.floor(time - second * 1000)
    return this.prefix + (ends[millis] ?? seen(millis))
  }
}

const seen = (millis: number): string => (ends[millis] = `${String(millis).padStart(3, "0")}Z`)

const isoOf = (time: number): string | undefined => {
  const date = new Date(time)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
