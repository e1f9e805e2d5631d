import { Arbitrary, Option, Redacted, Schema } from "effect"

/** What must never appear in any output. Nothing in the library contains it. */
export const secret = "hunter2-do-not-show"

const pieces = [
  "a",
  "value",
  "\n",
  "\r\n",
  "\t",
  "\u0000",
  "\u001b[31m",
  "\u007f",
  "\u0085",
  "\u009b",
  "\u2028",
  "\u2029",
  "\"",
  "'",
  "\\",
  "=",
  " ",
  "{\"level\":\"FATAL\"}",
  " level=FATAL ",
  "é",
  "漢",
  "😀",
  "\ud800",
  "\udc00",
  "\ufeff",
  "__proto__",
  "constructor",
  "level",
  "timestamp",
  "message"
] as const

/** Text made of what breaks lines, quotes and terminals, and of ordinary text. */
export const text: Arbitrary.Arbitrary<string> = Arbitrary.array(
  Arbitrary.schema(Schema.Literals(pieces)),
  { maxLength: 6 }
).pipe(Arbitrary.map((parts) => parts.join("")))

const choice = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 255 }))

/** Any value a program can hold, nested arbitrarily: containers of hostile leaves under hostile keys. */
export const value: Arbitrary.Arbitrary<unknown> = Arbitrary.array(Arbitrary.schema(choice), { maxLength: 80 }).pipe(
  Arbitrary.map((choices) => new Grower(choices).grow())
)

/** A proxy that throws whatever is done with it. */
export const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

/** Turns a list of choices into a value, so that a failure shrinks to the choices that matter. */
class Grower {
  private readonly choices: ReadonlyArray<number>
  private readonly parents: Array<unknown> = []
  private position = 0

  constructor(choices: ReadonlyArray<number>) {
    this.choices = choices
  }

  grow(): unknown {
    const choice = this.next()
    return choice < 100 ? this.container(choice) : this.leaf(choice)
  }

  private next(): number {
    return this.choices[this.position++] ?? 255
  }

  private key(): string {
    const choice = this.next()
    return choice < 20 ? "x".repeat(300) : pieces[choice % pieces.length]!
  }

  private container(choice: number): unknown {
    const size = this.next() % 6
    switch (choice % 9) {
      case 0:
        return this.filled<Array<unknown>>([], (out, item) => out.push(item), size)
      case 1:
        return this.filled(new Set<unknown>(), (out, item) => out.add(item), size)
      case 2:
        return this.filled(new Map<unknown, unknown>(), (out, item) => out.set(this.key(), item), size)
      case 3:
        return new Error(this.key(), { cause: this.grow() })
      case 4:
        return new AggregateError([this.grow(), this.grow()], this.key())
      case 5:
        return Option.some(this.grow())
      case 6: {
        const inner = this.grow()
        return { toJSON: () => inner }
      }
      default: {
        const out: Record<string, unknown> = {}
        // Defined, not assigned: `__proto__` is one of the keys.
        return this.filled(
          out,
          (out, item) => {
            const field = { value: item, enumerable: true, configurable: true, writable: true }
            Object.defineProperty(out, this.key(), field)
          },
          size
        )
      }
    }
  }

  private filled<A>(out: A, add: (out: A, item: unknown) => unknown, size: number): A {
    this.parents.push(out)
    for (let i = 0; i < size; i++) add(out, this.grow())
    this.parents.pop()
    return out
  }

  private leaf(choice: number): unknown {
    switch (choice % 22) {
      case 0:
        return Number.NaN
      case 1:
        return -Infinity
      case 2:
        return 10n ** 400n
      case 3:
        return Symbol(this.key())
      case 4:
        return () => {}
      case 5:
        return new Date(Number.NaN)
      case 6:
        return revoked()
      case 7:
        return Object.defineProperty({}, "boom", { enumerable: true, get: boom })
      case 8:
        return { toJSON: boom }
      case 9:
        return { password: secret, nested: { "X-Api-Key": secret } }
      case 10:
        return Redacted.make(secret)
      case 11:
        return new Map([["Authorization", secret]])
      case 12:
        return Object.assign(new Error("with a secret"), { refresh_token: secret })
      case 13:
        return this.parents[choice % Math.max(1, this.parents.length)]
      case 14:
        return "\u0000".repeat(40_000)
      case 15:
        return "😀".repeat(20_000)
      case 16:
        return Array.from({ length: 500 }, (_, i) => i)
      case 17:
        return new Uint8Array(8)
      case 18:
        return undefined
      case 19:
        return null
      case 20:
        return Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`key ${i}\n`, i]))
      default:
        return this.key()
    }
  }
}

const boom = (): never => {
  throw new Error("boom")
}
