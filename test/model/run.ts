import type { Action, Sequence } from "./actions.ts"
import { Disk } from "./disk.ts"
import type { Event, Gone, Item } from "./events.ts"
import { FarEnd } from "./farEnd.ts"
import { step } from "./model.ts"
import { Names } from "./names.ts"
import { demand, nothing, type State, Violation } from "./state.ts"
import { framesOn, Subject } from "./subject.ts"

/** What a sequence came to. */
export interface Summary {
  readonly actions: number
  readonly offered: number
  /** Records that the sink was given again after it had them. */
  readonly duplicates: number
  readonly crashes: number
}

/** What was wrong, with the last that happened before. */
export interface Failure {
  readonly violation: string
  readonly events: ReadonlyArray<Event>
}

/** Performs a sequence on the implementation and asks the model about all that happens. */
export const run = ({ actions, parameters }: Pick<Sequence, "actions" | "parameters">): Summary | Failure => {
  const play = new Play(parameters)
  try {
    for (const action of actions) play.perform(action)
    play.finish()
    return play.summary(actions.length)
  } catch (error) {
    return { violation: textOf(error), events: play.events.slice(-keptEvents) }
  }
}

const keptEvents = 40

const textOf = (error: unknown): string => {
  if (error instanceof Violation) return error.message
  return error instanceof Error ? error.stack ?? error.message : String(error)
}

/** How long faults may have worked before all that is pending is settled. */
const longestRecovery = 100

class Play {
  readonly events: Array<Event> = []
  private readonly disk = new Disk()
  private readonly parameters: Sequence["parameters"]
  private state: State
  private subject: Subject
  private lives = 0
  private seq = 0
  private crashes = 0
  /** Time goes on from one process to the next. */
  private now = 0
  private violation: unknown = undefined
  private isAlive = false
  private readonly names = new Names()
  private readonly farEnd = new FarEnd()

  constructor(parameters: Sequence["parameters"]) {
    this.parameters = parameters
    this.state = nothing(parameters)
    this.subject = this.begin()
  }

  perform(action: Action): void {
    switch (action._tag) {
      case "writeback":
        this.writeBack(action.parts)
        break
      case "restart":
        this.restart()
        break
      default:
        if (this.isAlive) this.act(action)
    }
    if (!this.isAlive) return
    if (action.tasks === undefined) this.subject.machine.settle()
    else this.subject.machine.step(action.tasks)
    this.check(action.tasks === undefined)
  }

  /** Once faults stop, all that is pending is settled, every flush ends, and nothing is left on disk. */
  finish(): void {
    this.recover()
    this.settleAll()
    this.end("closed")
    this.subject = this.begin()
    demand(this.subject.pending === 0, () => `${this.subject.pending} records are left on disk after all were settled`)
    this.end("closed")
  }

  summary(actions: number): Summary {
    return { actions, offered: this.seq, duplicates: this.farEnd.duplicates, crashes: this.crashes }
  }

  private act(action: Action): void {
    const { subject } = this
    switch (action._tag) {
      case "offer":
        for (const record of action.records) this.offer({ ...record, seq: this.seq++, time: subject.now })
        break
      case "flush":
        if (!subject.closed) subject.flush()
        break
      case "answer":
        subject.sink.answer(action.answer)
        break
      case "acknowledge":
        subject.sink.acknowledge(action.positions)
        break
      case "interrupt":
        subject.interrupt(action.worker)
        break
      case "crash":
        this.end(subject.closed ? "closed" : action.power ? "powerless" : "killed")
        break
      case "advance":
        subject.machine.advance(action.millis)
        break
      case "signal":
        if (action.isExit) this.exit()
        else subject.end()
        break
      case "read":
        subject.failReads(action.fails)
        break
      case "disk":
        subject.fillDisk(action.full)
        break
      case "close":
        subject.close()
        break
      default:
        break
    }
  }

  private exit(): void {
    this.subject.rescue()
    this.check(false)
    this.end("closed")
  }

  private offer(item: Item): void {
    this.subject.offer(item)
    this.raise()
  }

  private writeBack(parts: ReadonlyArray<number>): void {
    let turn = 0
    this.disk.writeBack((n) => Math.floor((parts[turn++ % parts.length] ?? 1) * n))
  }

  private restart(): void {
    if (this.isAlive) {
      this.subject.close()
      this.subject.machine.settle()
      this.subject.end()
      this.end("closed")
    }
    this.subject = this.begin()
  }

  private begin(): Subject {
    this.lives++
    const life = this.lives
    const { names, now } = this
    const subject = new Subject(this.parameters, this.disk, { names, now, token: `life-${life}` }, (event) => {
      if (this.lives === life) this.observe(event)
    })
    this.isAlive = true
    this.raise()
    return subject
  }

  private end(how: Gone): void {
    this.subject.kill()
    this.isAlive = false
    if (how === "powerless") this.disk.cutPower()
    if (how !== "closed") this.crashes++
    this.now = this.subject.now
    this.observe({ _tag: "Gone", how, found: framesOn(this.disk, this.names), at: this.now })
    this.raise()
  }

  private recover(): void {
    if (this.isAlive) this.subject.sink.recover()
    if (!this.isAlive || this.state.phase !== "open") this.restart()
    this.subject.sink.recover()
    this.subject.failReads(false)
    this.subject.fillDisk(false)
  }

  private settleAll(): void {
    const { subject } = this
    for (let turn = 0; turn < longestRecovery; turn++) {
      subject.machine.settle()
      this.check(true)
      if (subject.pending === 0 && this.state.flushes.length === 0) break
      subject.machine.advance(10_000)
      this.check(true)
    }
    demand(subject.pending === 0, () => `${subject.pending} records are pending for ever: ${this.describe()}`)
    demand(this.state.flushes.length === 0, () => `a flush never ends: ${this.describe()}`)
    subject.close()
    subject.machine.settle()
    demand(subject.closed, () => `a drain never ends: ${this.describe()}`)
    this.check(true)
  }

  private describe(): string {
    return JSON.stringify(this.subject.look(true).books)
  }

  private check(quiet: boolean): void {
    this.observe(this.subject.look(quiet))
    this.raise()
  }

  // The implementation calls it: what is thrown here would only be one more fault for it to survive.
  private observe(event: Event): void {
    if (this.violation !== undefined) return
    this.events.push(event)
    try {
      this.state = step(this.state, event)
      this.farEnd.hear(event)
      this.farEnd.demandAll(this.state.delivered)
    } catch (error) {
      this.violation = error
    }
  }

  private raise(): void {
    if (this.violation !== undefined) throw this.violation
  }
}
