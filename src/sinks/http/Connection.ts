import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import type { HttpClientError } from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import type { SinkError } from "../../LogSink.ts"
import type { Answer } from "./answer.ts"
import type { Body } from "./compression.ts"
import { ambiguous, type Failure, failureError, failureOf, isHangUp } from "./failures.ts"
import { readAnswer } from "./readAnswer.ts"
import type { Target } from "./target.ts"

/** What a server has answered, and whether it may have had the request before. */
export interface Exchange {
  readonly answer: Answer
  readonly isRepeated: boolean
}

/** How long a connection is unused before it may have gone stale: a server that closes it may say so too late. */
const idleNanos = 1_000_000_000n

/**
 * Posts to one target with the client of the program.
 *
 * A connection that was unused for a second and breaks before an answer is taken for a stale one: the request is
 * sent again at once, over a new one, and only once. After any failure a request closes its connection, so that
 * the one after it looks the name up anew.
 *
 * ```
 *  fresh ──answered──▸ answered ──failed──▸ failed ──answered──▸ answered
 * ```
 */
export class Connection {
  private readonly client: HttpClient.HttpClient.With<HttpClientError, Scope.Scope>
  private readonly target: Target
  private readonly mostAnswerBytes: number
  private readonly context: Context.Context<never>
  private last: "fresh" | "answered" | "failed" = "fresh"
  private usedAt = 0n

  private constructor(
    client: HttpClient.HttpClient,
    target: Target,
    mostAnswerBytes: number,
    init: RequestInit | undefined
  ) {
    // What is not read of an answer ends with its request.
    this.client = HttpClient.withScope(client)
    this.target = target
    this.mostAnswerBytes = mostAnswerBytes
    this.context = Context.make(Tracer.DisablePropagation, true).pipe(
      Context.add(HttpClient.TracerDisabledWhen, () => true),
      Context.add(HttpClient.TracerPropagationEnabled, false),
      // The client on fetch follows redirects otherwise, with the credentials.
      Context.add(FetchHttpClient.RequestInit, { ...init, redirect: "manual" })
    )
  }

  static readonly make = (
    target: Target,
    mostAnswerBytes: number
  ): Effect.Effect<Connection, never, HttpClient.HttpClient> =>
    Effect.contextWith((context: Context.Context<HttpClient.HttpClient>) =>
      Effect.succeed(
        new Connection(
          Context.get(context, HttpClient.HttpClient),
          target,
          mostAnswerBytes,
          Context.getOrUndefined(context, FetchHttpClient.RequestInit)
        )
      )
    )

  post(body: Body, headers: Readonly<Record<string, string>>): Effect.Effect<Exchange, SinkError> {
    return Clock.clockWith((clock) => {
      const mayBeStale = this.last === "answered" && clock.monotonicTimeNanosUnsafe() - this.usedAt >= idleNanos
      return this.send(body, headers).pipe(
        Effect.map((answer) => ({ answer, isRepeated: false })),
        Effect.catch((failure) =>
          mayBeStale && isHangUp(failure)
            ? this.send(body, headers).pipe(
              Effect.mapBoth({
                onSuccess: (answer) => ({ answer, isRepeated: true }),
                onFailure: (second) => ambiguous(failureError(second, this.target.host))
              })
            )
            : Effect.fail(failureError(failure, this.target.host))
        ),
        Effect.ensuring(Effect.sync(() => {
          this.usedAt = clock.monotonicTimeNanosUnsafe()
        }))
      )
    })
  }

  private send(body: Body, headers: Readonly<Record<string, string>>): Effect.Effect<Answer, Failure> {
    return Effect.suspend(() => this.client.execute(this.request(body, headers))).pipe(
      // A client that fails for a status has an answer all the same.
      Effect.catchReason("HttpClientError", "StatusCodeError", ({ response }) => Effect.succeed(response)),
      Effect.flatMap((response) => readAnswer(response, this.mostAnswerBytes)),
      Effect.mapError(failureOf),
      Effect.scoped,
      Effect.provideContext(this.context),
      Effect.tap(({ status }) => this.note(status < 500 ? "answered" : "failed")),
      Effect.onError(() => this.note("failed"))
    )
  }

  private request({ bytes, encoding }: Body, headers: Readonly<Record<string, string>>) {
    return HttpClientRequest.post(Redacted.value(this.target.url), {
      // The answer comes as it is: what it would unpack to has no bound.
      headers: {
        "accept-encoding": "identity",
        "user-agent": "effect-spillway",
        ...Redacted.value(this.target.headers),
        ...headers,
        ...encoding && { "content-encoding": encoding },
        ...this.last === "failed" && { connection: "close" }
      },
      body: HttpBody.uint8Array(bytes, headers["content-type"])
    })
  }

  private note(how: "answered" | "failed"): Effect.Effect<void> {
    return Effect.sync(() => {
      this.last = how
    })
  }
}
