import { Context, Effect, Exit, type Fiber, Layer, Scheduler, Scope } from "effect"
import { TestClock } from "effect/testing"

/**
 * A process with a scheduler and a clock of its own, run task by task: nothing in
 * it happens unless it is told to go on, so whatever happens, happens again. When
 * it dies, what it held is never heard of again.
 */
export class Machine {
  private readonly tasks: Array<() => void> = []
  private readonly context: Context.Context<never>
  private dead = false
  /** What is checked after every task. */
  afterTask: () => void = () => {}

  /** `maxOps`: after how many steps a fiber yields; few of them interleave fibers finely. `now`: when it begins. */
  constructor(maxOps: number, now: number) {
    const scheduler: Scheduler.Scheduler = {
      executionMode: "async",
      shouldYield: (fiber) => fiber.currentOpCount >= fiber.cache.maxOpsBeforeYield,
      makeDispatcher: () => ({
        scheduleTask: (task) => {
          if (!this.dead) this.tasks.push(task)
        },
        flush() {}
      })
    }
    const base = Context.make(Scheduler.Scheduler, scheduler).pipe(Context.add(Scheduler.MaxOpsBeforeYield, maxOps))
    this.context = base
    const clock = this.run(Layer.buildWithScope(TestClock.layer(), Scope.makeUnsafe()))
    this.context = Context.merge(base, clock)
    // The clock warns of time that stands still, unless it was told once to move.
    this.advance(now)
  }

  /** Starts something that goes on in its own time. */
  start<A>(effect: Effect.Effect<A>): Fiber.Fiber<A> {
    return Effect.runForkWith(this.context)(effect)
  }

  /** Runs something to its end, which it must reach without time going by, save for what it does to the clock. */
  run<A>(effect: Effect.Effect<A>): A {
    const fiber = this.start(effect)
    this.settle()
    const exit = fiber.pollUnsafe()
    if (exit === undefined) throw new Error("it waits for something that does not happen")
    if (Exit.isFailure(exit)) throw new Error("it failed", { cause: exit.cause })
    return exit.value
  }

  /** Runs the next tasks, at most so many. */
  step(count: number): void {
    for (let i = 0; i < count; i++) {
      const task = this.tasks.shift()
      if (task === undefined) return
      task()
      this.afterTask()
    }
  }

  /** Runs until every fiber waits. */
  settle(): void {
    for (let tasks = 0; this.tasks.length > 0; tasks++) {
      if (tasks > 100_000) throw new Error("it never comes to rest")
      this.step(1)
    }
  }

  /** Lets time go by. */
  advance(millis: number): void {
    this.settle()
    this.run(TestClock.adjust(millis))
  }

  kill(): void {
    this.dead = true
    this.tasks.length = 0
  }
}
