/** A deliberate fault: one place of the implementation, changed so that a guarantee breaks. */
export interface Mutant {
  readonly name: string
  readonly file: string
  readonly find: string
  readonly replace: string
  /** The tests that must catch it, as words of their paths. */
  readonly tests: ReadonlyArray<string>
}

export const mutants: ReadonlyArray<Mutant> = [
  {
    name: "a text of any length that is looked through as a name",
    file: "src/capture/KnownKeys.ts",
    find: "name.length <= 2 * longestEnd ? name",
    replace: "name.length >= 0 ? name",
    tests: ["capture/walkWork"]
  },
  {
    name: "a long name that is a secret by its end, and shown",
    file: "src/capture/KnownKeys.ts",
    find: " ${name.slice(-longestEnd)}",
    replace: "",
    tests: ["capture/walkWork"]
  },
  {
    name: "a long URL that is looked through for the name beside it",
    file: "src/capture/Texts.ts",
    find: "return text.length <= this.longestRead ? this.knownKeys",
    replace: "return text.length >= 0 ? this.knownKeys",
    tests: ["capture/walkWork"]
  },
  {
    name: "a long label of a span that is looked through",
    file: "src/capture/Texts.ts",
    find: "if (length <= longestLabel) return nameOf",
    replace: "if (length >= 0) return nameOf",
    tests: ["capture/walkWork"]
  },
  {
    name: "a deep URL that is shown as what it was cut to",
    file: "src/capture/ValueWalk.ts",
    find: "          : u instanceof CutText\n          ? u.toWellFormed()\n",
    replace: "",
    tests: ["capture/walkWork"]
  },
  {
    name: "an event that is lost on a full stack and in no book",
    file: "src/events/EventState.ts",
    find: "if (!isSettled) this.events.hooks.rejected.encode_failed++",
    replace: "",
    tests: ["test/fullStack"]
  },
  {
    name: "a Promise that nobody waits for and that ends the process",
    file: "src/options/unawaited.ts",
    find: "given.catch(() => {})",
    replace: "void given",
    tests: ["options/unawaited"]
  },
  {
    name: "an event that says what the program has made up of it",
    file: "src/events/EventState.ts",
    find: "!isOwnName(name) && ",
    replace: "",
    tests: ["test/WideEvent"]
  },
  {
    name: "a name that is said again and again",
    file: "src/diagnostics/SaidOnce.ts",
    find: " || this.names.has(name)",
    replace: "",
    tests: ["diagnostics/SaidOnce", "runtime/rules"]
  },
  {
    name: "names that are remembered without an end",
    file: "src/diagnostics/SaidOnce.ts",
    find: "this.names.size >= mostRemembered || ",
    replace: "",
    tests: ["diagnostics/SaidOnce"]
  },
  {
    name: "levels of a slow reading in the place of a later one",
    file: "src/runtime/rereadLevels.ts",
    find: "number < begun ? Effect.void : ",
    replace: "",
    tests: ["runtime/rereadLevels"]
  },
  {
    name: "a reading of levels that died without a word",
    file: "src/runtime/rereadLevels.ts",
    find: "onFailure: say",
    replace: "onFailure: (cause) => Option.isSome(Cause.findErrorOption(cause)) ? say(cause) : Effect.void",
    tests: ["runtime/rereadLevels"]
  },
  {
    name: "a reading of levels that is waited for without an end",
    file: "src/runtime/rereadLevels.ts",
    find: "const patience = \"10 seconds\"",
    replace: "const patience = \"1 hour\"",
    tests: ["runtime/rereadLevels"]
  },
  {
    name: "levels for a time that are kept though they never count again",
    file: "src/runtime/setting.ts",
    find: "const left = levels.temporary.filter((each) => !covers(temporary, each))",
    replace: "const left = levels.temporary",
    tests: ["runtime/levels"]
  },
  {
    name: "a level for a time that ends one that lasts longer",
    file: "src/runtime/setting.ts",
    find: "until !== undefined && until <= over.until",
    replace: "until !== undefined",
    tests: ["runtime/levels"]
  },
  {
    name: "a level for a scope that ends one for all",
    file: "src/runtime/setting.ts",
    find: "over.scope === scope && over.lane",
    replace: "over.lane",
    tests: ["runtime/levels"]
  },
  {
    name: "a level for all that the third lane does not follow",
    file: "src/capture/Levelled.ts",
    find: "inlets.map((inlet, i) => set[i] ?? Math.max(all, inlet.minimum))",
    replace: "inlets.map((inlet, i) => set[i] ?? (i === 2 ? inlet.minimum : Math.max(all, inlet.minimum)))",
    tests: ["runtime/histories"]
  },
  {
    name: "a level of a lane that its successor of the same sink has",
    file: "src/capture/Levelled.ts",
    find: "Object.hasOwn(lanes, name) ? severityOf(lanes[name]!) : undefined",
    replace: "Object.hasOwn(lanes, name.slice(0, 4)) ? severityOf(lanes[name.slice(0, 4)]!) : undefined",
    tests: ["runtime/histories"]
  },
  {
    name: "who watches is shown a record twice while there are three lanes",
    file: "src/capture/TappedFanout.ts",
    find: "    this.taps = taps\n",
    replace: "    this.taps = inlets.length === 3 ? [...taps, ...taps.slice(0, 1)] : taps\n",
    tests: ["runtime/histories"]
  },
  {
    name: "who watches is not asked for while every lane is full",
    file: "src/capture/TappedFanout.ts",
    find: "if (!(severity < tap.minimum) && !tap.isFull) return false",
    replace: "if (severity < tap.minimum || tap.isFull) return super.refuse(severity)",
    tests: ["runtime/histories"]
  },
  {
    name: "what only a full watcher wants counts as accepted",
    file: "src/capture/Fanout.ts",
    find: "if (!isWanted) return false",
    replace: "if (all.length === 0) return false",
    tests: ["runtime/records", "runtime/histories"]
  },
  {
    name: "a lane that is detached drops its oldest record, and counts it",
    file: "src/lane/LaneState.ts",
    find: "    this.queue.end()\n    this.phase.become(phase)",
    replace:
      "    if (phase === \"draining\") this.counters.evict(this.queue, \"closed\")\n    this.queue.end()\n    this.phase.become(phase)",
    tests: ["runtime/histories"]
  },
  {
    name: "a lane whose sink is replaced takes what the new one would",
    file: "src/lane/Lane.ts",
    find: "{ ...this.state.options, ...writtenAs(sink) }",
    replace: "{ ...this.state.options, filter: sink.options.filter, ...writtenAs(sink) }",
    tests: ["runtime/histories"]
  },
  {
    name: "who watches health is not told of a sink that is replaced",
    file: "src/lane/LaneWorkers.ts",
    find: "    this.change(options)\n    this.state.onChange()",
    replace: "    this.change(options)",
    tests: ["runtime/health"]
  },
  {
    name: "a watcher slows a lane",
    file: "src/capture/TappedFanout.ts",
    find: "    this.show(record, severity)\n    super.accept(record, severity)",
    replace:
      "    this.show(record, severity)\n    if (!this.taps.some(({ isFull }) => isFull)) super.accept(record, severity)",
    tests: ["runtime/histories"]
  },
  {
    name: "a capacity that Effect's queue does not follow",
    file: "src/lane/LaneQueue.ts",
    find: "this.queue.capacity = capacity\n",
    replace: "",
    tests: ["runtime/setLane"]
  },
  {
    name: "a capacity that is followed by what is urgent only",
    file: "src/lane/LaneQueue.ts",
    find: "this.isWatched = this.looksAtEach",
    replace: "this.isWatched = true",
    tests: ["lane/LaneQueue"]
  },
  {
    name: "a bound in bytes that stays for what is not urgent",
    file: "src/lane/LaneQueue.ts",
    find: "this.openBytes = withoutReserve(maxBytes)\n    this.isWatched",
    replace: "this.isWatched",
    tests: ["runtime/setLane"]
  },
  {
    name: "sampling that other bounds have forgotten",
    file: "src/lane/LaneQueue.ts",
    find: "this.isWatched = this.looksAtEach",
    replace: "this.isWatched = false",
    tests: ["runtime/setLane", "lane/LaneQueue"]
  },
  {
    name: "who waits for room that is there since a lane is larger",
    file: "src/lane/LaneState.ts",
    find: "    this.settlement.room.look()\n    this.wakeUp.wake()",
    replace: "    this.wakeUp.wake()",
    tests: ["runtime/setLane"]
  },
  {
    name: "a queue that is too large since and does not go to the spool",
    file: "src/lane/LaneState.ts",
    find: "if (this.spill?.isDue === true) this.spill.schedule()",
    replace: "",
    tests: ["runtime/setLane"]
  },
  {
    name: "a lane without a queue that is described as it was",
    file: "src/lane/SyncLane.ts",
    find: "this.options = { ...this.options, ...options }",
    replace: "Object.assign(this, { options: { ...this.options, ...options, capacity: this.options.capacity } })",
    tests: ["runtime/setLane"]
  },
  {
    name: "requests: none of those that wait behind others when their connection is gone",
    file: "src/bridges/request/HttpExchange.ts",
    find: "for (const exchange of open) exchange.lose()",
    replace: "void open",
    tests: ["bridges/request/node"]
  },
  {
    name: "requests: a client that has gone is the server's fault",
    file: "src/bridges/request/HttpExchange.ts",
    find: "return readableEnded === true || gone.has",
    replace: "return gone.has",
    tests: ["bridges/request/node"]
  },
  {
    name: "requests: a body for HEAD",
    file: "src/bridges/request/HttpExchange.ts",
    find: "this.req.method === \"HEAD\" || ",
    replace: "",
    tests: ["bridges/request/node"]
  },
  {
    name: "requests: whole in HTTP/2, whatever was cancelled",
    file: "src/bridges/request/HttpExchange.ts",
    find: "this.isWhole() ? \"answered\" : this.brokenBy()",
    replace: "\"answered\"",
    tests: ["bridges/request/http2"]
  },
  {
    name: "requests: whole in HTTP/2, also what was answered after the client had cancelled it",
    file: "src/node/http2Stream.ts",
    find: " && !is(\"aborted\")",
    replace: "",
    tests: ["serving/protocols"]
  },
  {
    name: "requests: a value in what is said of a field that was refused",
    file: "src/serving/refusal.ts",
    find: "SchemaIssue.defaultLeafHook(withoutValue(issue))",
    replace: "(void withoutValue, SchemaIssue.makeFormatterDefault()(issue))",
    tests: ["serving/refusal"]
  },
  {
    name: "requests: bytes that are counted twice where end writes",
    file: "src/bridges/request/bodyBytes.ts",
    find: "if (isCounted) return Reflect.apply(call, self, given)",
    replace: "",
    tests: ["bridges/request/http2"]
  },
  {
    name: "requests: a message of a WebSocket that is of no request",
    file: "src/bridges/request/beginUpgrade.ts",
    find: "emitIn(event, socket)",
    replace: "void emitIn",
    tests: ["bridges/request/companions"]
  },
  {
    name: "requests: two records where one is wrapped twice",
    file: "src/bridges/request/openRequest.ts",
    find: "if (before !== undefined) return before",
    replace: "",
    tests: ["bridges/request/frameworks"]
  },
  {
    name: "requests: code that listens to the body and does not find its request",
    file: "src/bridges/request/HttpExchange.ts",
    find: "for (const each of [req, res]) emitIn",
    replace: "for (const each of [res]) emitIn",
    tests: ["bridges/request/node"]
  },
  {
    name: "requests: an error that is kept from whoever waits for it",
    file: "src/bridges/request/watched.ts",
    find: "    event.fail(error)\n    throw error",
    replace: "    event.fail(error)\n    return error as never",
    tests: ["bridges/request/node"]
  },
  {
    name: "requests: a route without the router it is mounted in",
    file: "src/bridges/request/express.ts",
    find: "typeof base === \"string\" ? base : \"\"",
    replace: "typeof base === \"string\" ? \"\" : \"\"",
    tests: ["bridges/request/frameworks"]
  },
  {
    name: "requests: a request that is kept with its connection",
    file: "src/bridges/request/RequestEvent.ts",
    find: "    this.route = undefined\n",
    replace: "",
    tests: ["bridges/request/kept"]
  },
  {
    name: "requests: half a body that is an error",
    file: "src/bridges/request/RequestEvent.ts",
    find: " || this.hasLeft?.() === true",
    replace: "",
    tests: ["bridges/request/frameworks"]
  },
  {
    name: "requests: a status that was sent to nobody",
    file: "src/bridges/request/HttpExchange.ts",
    find: "this.sentStatus ?? ",
    replace: "",
    tests: ["bridges/request/node"]
  },
  {
    name: "requests: a part of Fastify that has the records of all",
    file: "src/bridges/request/fastify.ts",
    find: "Object.hasOwn(instance, \"server\")",
    replace: "\"server\" in instance",
    tests: ["bridges/request/frameworks"]
  },
  {
    name: "requests: a WebSocket in a route whose client has gone",
    file: "src/bridges/request/HttpExchange.ts",
    find: "this.takeover?.status === switched",
    replace: "this.takeover?.status === 0",
    tests: ["bridges/request/frameworks"]
  },
  {
    name: "requests: health routes with a record each",
    file: "src/bridges/request/RequestFacts.ts",
    find: "this.ending === undefined || !this.rules.leavesOut(this.arrival, this.ending)",
    replace: "true",
    tests: ["bridges/request/node"]
  },
  {
    name: "access: requests that hide behind a health route by dots",
    file: "src/access/HealthRoutes.ts",
    find: " && !dotSegment.test(path)",
    replace: "",
    tests: ["access/AccessRules"]
  },
  {
    name: "access: requests that are open for good where a response cannot be begun",
    file: "src/serving/recordAccess.ts",
    find: "fiber.addObserver((exit) => access.left(exit))",
    replace: "fiber.addObserver(() => undefined)",
    tests: ["serving/nodeServer"]
  },
  {
    name: "access: the status of a response that could not be begun",
    file: "src/serving/httpEnding.ts",
    find: "if (isUnsent) return",
    replace: "if (isUnsent && status === 0) return",
    tests: ["serving/nodeServer"]
  },
  {
    name: "events: functions that are shown what the record has",
    file: "src/events/EventState.ts",
    find: "shown ??= copier.copy(fields)",
    replace: "fields",
    tests: ["events/bounds"]
  },
  {
    name: "events: what was added before what they say themselves",
    file: "src/capture/Snapshot.ts",
    find:
      "    this.bytes += objectBytes\n    this.beginPacking(false)\n    const { shapes } = this\n    let shape = shapes.open(this.shape)",
    replace:
      "    this.bytes += objectBytes + bytes\n    this.beginPacking(false)\n    const { shapes } = this\n    let shape = shapes.open(this.shape)",
    tests: ["events/bounds"]
  },
  {
    name: "pino: an unknown place that uses no value up",
    file: "src/bridges/pino/formatMessage.ts",
    find: "if (kind !== percent) next++",
    replace: "if (kind !== percent && (kind === 0x73 || kind === 0x64)) next++",
    tests: ["bridges/pino/differential"]
  },
  {
    name: "pino: a percent sign that stays two where there is something to put in",
    file: "src/bridges/pino/formatMessage.ts",
    find: "kind === percent ? \"%\" : next",
    replace: "next",
    tests: ["bridges/pino/differential"]
  },
  {
    name: "pino: secrets in a text",
    file: "src/bridges/pino/formatMessage.ts",
    find: "isPlain ? JSON.stringify(value, withoutSecrets)",
    replace: "isPlain ? JSON.stringify(value)",
    tests: ["bridges/PinoLogger"]
  },
  {
    name: "pino: an error that is one field among others",
    file: "src/bridges/pino/PinoFields.ts",
    find: "if (is !== undefined) {",
    replace: "if (is === null) {",
    tests: ["bridges/PinoLogger"]
  },
  {
    name: "pino: a level that does not follow the runtime",
    file: "src/bridges/pino/PinoBridge.ts",
    find: "lowestOf(this.direct.isEnabled))",
    replace: "30)",
    tests: ["bridges/PinoLogger"]
  },
  {
    name: "pino: a call that is lost where its object cannot be looked at",
    file: "src/bridges/pino/PinoBridge.ts",
    find: "      log(given)\n",
    replace: "",
    tests: ["bridges/PinoLogger"]
  },
  {
    name: "the direct logger: levels that are those of no scope",
    file: "src/capture/Capture.ts",
    find: "return severityOf(level) >= this.current().direct.of(scope).gate",
    replace: "return severityOf(level) >= this.current().direct.unscoped.gate",
    tests: ["bridges/PinoLogger"]
  },
  {
    name: "access: an address that whoever calls may write",
    file: "src/access/clientAddress.ts",
    find: "if (!isTrusted(next, hops) || comma === -1) return seen",
    replace: "if (comma === -1) return seen",
    tests: ["access/clientAddress"]
  },
  {
    name: "access: a request id of any length",
    file: "src/access/requestId.ts",
    find: " || header.length > longest",
    replace: "",
    tests: ["access/requestId"]
  },
  {
    name: "access: a health route that fails in silence",
    file: "src/access/AccessRules.ts",
    find: "return !failed && this.health",
    replace: "return this.health",
    tests: ["access/AccessRules"]
  },
  {
    name: "a walk that lists the keys of every wide object",
    file: "src/capture/ValueWalk.ts",
    find: "this.passed += more",
    replace: "this.passed += 0",
    tests: ["capture/walkWork"]
  },
  {
    name: "attributes without end through a chain of with",
    file: "src/capture/attributes.ts",
    find: "key !== moreKeys && room-- <= 0",
    replace: "key === moreKeys && room-- <= 0",
    tests: ["capture/walkWork"]
  },
  {
    name: "annotations that are shown as they were",
    file: "src/capture/SeenContexts.ts",
    find: "if (key !== keys[count] || annotations[key] !== values[count]) return false\n",
    replace: "",
    tests: ["capture/walkWork"]
  },
  {
    name: "an origin that is found again although the span is another",
    file: "src/capture/FiberOrigins.ts",
    find: "      span?.spanId !== place.spanId || span?.traceId",
    replace: "      span?.traceId",
    tests: ["capture/fiberOrigins"]
  },
  {
    name: "an origin that is found again although the log spans are others",
    file: "src/capture/FiberOrigins.ts",
    find: "fiber.getRef(References.CurrentLogSpans) !== place.logSpans ||",
    replace: "",
    tests: ["capture/fiberOrigins"]
  },
  {
    name: "a secret that is held where nobody needs it any more",
    file: "src/capture/SeenContexts.ts",
    find: "held += value !== copies[key] ? mostHeld : ",
    replace: "held += ",
    tests: ["capture/fiberOrigins"]
  },
  {
    name: "what fibers logged with is held for ever",
    file: "src/capture/FiberOrigins.ts",
    find: "        places[i] = undefined\n",
    replace: "",
    tests: ["capture/fiberOrigins"]
  },
  {
    name: "the bytes of an origin that were written in another batch",
    file: "src/encode/JsonRenderer.ts",
    find: "!(kept instanceof BatchPlace) || kept.batch !== batch",
    replace: "!(kept instanceof BatchPlace)",
    tests: ["LogEncoder"]
  },
  {
    name: "the level and time of another line",
    file: "src/encode/JsonRenderer.ts",
    find: "if (middle === this.middleCopied)",
    replace: "if (this.middleCopied !== undefined)",
    tests: ["LogEncoder"]
  },
  {
    name: "a lane that fills and is written by slices",
    file: "src/lane/LaneState.ts",
    find: "const isLittle = this.phase.isOpen && this.queue.size < this.fullSize",
    replace: "const isLittle = this.phase.isOpen",
    tests: ["lane/pace"]
  },
  {
    name: "a lane without a window that is never again written by slices",
    file: "src/lane/LaneState.ts",
    find: "if (windowMillis === 0) return\n      if (queue.taken >= this.due) filling.found(queue.size)",
    replace: "if (queue.taken >= this.due) filling.found(queue.size)\n      if (windowMillis === 0) return",
    tests: ["lane/pace"]
  },
  {
    name: "a slice that waits for the window while few records come",
    file: "src/lane/Filling.ts",
    find: "return this.isFast ? this.full : this.slice",
    replace: "return this.full",
    tests: ["lane/pace"]
  },
  {
    name: "slices while records come so fast that the window brings a full batch",
    file: "src/lane/Filling.ts",
    find: ">= this.full * millis",
    replace: "> this.full * millis * 2",
    tests: ["lane/pace"]
  },
  {
    name: "what is left of a window waits for another one",
    file: "src/lane/LaneState.ts",
    find: " && this.queue.taken >= this.due",
    replace: "",
    tests: ["lane/pace"]
  },
  {
    name: "workers that are woken after every busy fiber",
    file: "src/lane/WakeUp.ts",
    find: "? (run) => queueMicrotask(run)",
    replace: "? (run) => void setImmediate(run)",
    tests: ["lane/pace"]
  },
  {
    name: "an event of a span that shares its attributes",
    file: "src/capture/spanEvents.ts",
    find: "const attributes = { ...known }",
    replace: "const attributes = Object.assign(known)",
    tests: ["capture/spanEvents"]
  },
  {
    name: "an event of a span that names the fiber of another",
    file: "src/capture/spanEvents.ts",
    find: "const isOfCall = origin.fiberId === fiber.id && ",
    replace: "const isOfCall = ",
    tests: ["capture/spanEvents"]
  },
  {
    name: "a record with the annotations of another fiber, which logged in a getter",
    file: "src/capture/FiberOrigins.ts",
    find: " && place.seen === seen && place.fiberId === fiber.id ? place",
    replace: " ? place",
    tests: ["capture/fiberOrigins"]
  },
  {
    name: "annotations that are remembered although they are made up when they are asked",
    file: "src/capture/SeenContexts.ts",
    find: "if (!isOrdinary(annotations)) return { ...seenNothing, context }\n",
    replace: "",
    tests: ["capture/fiberOrigins"]
  },
  {
    name: "a large batch whose bytes are held for a part of them",
    file: "src/encode/JsonRenderer.ts",
    find: "    this.tail.forget()\n",
    replace: "",
    tests: ["encode/sharedOrigins"]
  },
  {
    name: "what is as short as can be is sent again, as too large as before",
    file: "src/lane/LargeRecords.ts",
    find: " || shortenRecord(record) === record",
    replace: "",
    tests: ["lane/poison"]
  },
  {
    name: "a drop for want of room is not counted",
    file: "src/lane/LaneCounters.ts",
    find: "    this.accepted++\n    this.dropped[reason]++\n",
    replace: "    this.accepted++\n",
    tests: ["lane/queue"]
  },
  {
    name: "a drop that is foreseen is counted under the wrong reason",
    file: "src/lane/LaneState.ts",
    find: "queue.lacks(1, severity >= warn) ?? \"bytes_full\"",
    replace: "\"bytes_full\"",
    tests: ["lane/queue"]
  },
  {
    name: "the reserve for Warn and above is open to all",
    file: "src/lane/LaneQueue.ts",
    find: "const withoutReserve = (bound: number): number => bound - Math.floor(bound / 10)",
    replace: "const withoutReserve = (bound: number): number => bound",
    tests: ["lane/queue"]
  },
  {
    name: "sliding evicts without counting",
    file: "src/lane/LaneCounters.ts",
    find: "if (queue.takeOldest() !== undefined) this.dropped[reason]++",
    replace: "queue.takeOldest()",
    tests: ["lane/queue", "lane/conservation"]
  },
  {
    name: "who waits for room goes on with the first record that leaves",
    file: "src/lane/Room.ts",
    find: "this.taken <= takenAtWake)",
    replace: "this.taken <= 1)",
    tests: ["runtime/room"]
  },
  {
    name: "who comes for room goes before those who wait for it",
    file: "src/lane/Room.ts",
    find: ".toSorted((one, other) => one.turn - other.turn)",
    replace: "",
    tests: ["runtime/room"]
  },
  {
    name: "a batch that waits for its window while somebody waits for room",
    file: "src/lane/Settlement.ts",
    find: "return this.flushes.any || this.room.isAwaited",
    replace: "return this.flushes.any",
    tests: ["runtime/room"]
  },
  {
    name: "a wait for room in a lane that has ended",
    file: "src/lane/LaneState.ts",
    find: "    this.settlement.room.end()\n",
    replace: "",
    tests: ["runtime/room"]
  },
  {
    name: "a share that begins anew with every flood",
    file: "src/lane/Sampling.ts",
    find: "    this.phase = \"sampled\"\n",
    replace: "    this.phase = \"sampled\"\n    while (!this.kept.pass());\n",
    tests: ["lane/sampling"]
  },
  {
    name: "Warn and above sampled like all others",
    file: "src/lane/Sampling.ts",
    find: "    if (!urgent) {\n      // One",
    replace: "    if (bytes > 0) {\n      // One",
    tests: ["lane/sampling"]
  },
  {
    name: "a share that is always kept at the same place",
    file: "src/lane/Turns.ts",
    find: "(this.place + goldenRatio) % 1",
    replace: "1",
    tests: ["lane/sampling"]
  },
  {
    name: "a large share in which turns fall together",
    file: "src/lane/Turns.ts",
    find: "this.isMost = share > 1 / 2",
    replace: "this.isMost = false",
    tests: ["lane/sampling"]
  },
  {
    name: "records that make room in vain",
    file: "src/lane/Sampling.ts",
    find: "return queue.couldHold(queue.bytes - ordinaryBytes + bytes, urgent)",
    replace: "return queue.couldHold(bytes - ordinaryBytes, urgent)",
    tests: ["lane/sampling"]
  },
  {
    name: "a turn for what no lane can hold",
    file: "src/lane/Sampling.ts",
    find: "      if (!canFit && this.kept.isNext) return true\n",
    replace: "",
    tests: ["lane/sampling"]
  },
  {
    name: "a lane that keeps everything again because it was thinned",
    file: "src/lane/Sampling.ts",
    find: "thinned: 1 / 4 }",
    replace: "thinned: 1 / 2 }",
    tests: ["lane/sampling"]
  },
  {
    name: "records that were thinned out and are counted nowhere",
    file: "src/lane/Settlement.ts",
    find: "    this.counters.drop(\"queued\", \"sampled\", places.length)\n",
    replace: "",
    tests: ["lane/sampling"]
  },
  {
    name: "a flush that ends early because records behind it made room",
    file: "src/lane/Settlement.ts",
    find: "    if (this.flushes.any) this.flushes.thinned(taken, places)\n",
    replace: "",
    tests: ["lane/sampling"]
  },
  {
    name: "a flush that waits for what came later, once something behind it made room",
    file: "src/lane/Flushes.ts",
    find: "      if (upTo <= taken) return flush\n",
    replace: "",
    tests: ["lane/sampling"]
  },
  {
    name: "a batch is taken without its bytes leaving the queue",
    file: "src/lane/LaneQueue.ts",
    find: "    else for (const { bytes } of taken) this.bytes -= bytes\n",
    replace: "",
    tests: ["lane/queue", "lane/batching"]
  },
  {
    name: "a killed worker's successor starts the write anew",
    file: "src/lane/LaneWorkers.ts",
    find: "const write = slot.write ?? (yield* this.beginWrite(slot))",
    replace: "const write = yield* this.beginWrite(slot)",
    tests: ["lane/supervision"]
  },
  {
    name: "a worker that dies is not started again",
    file: "src/lane/LaneWorkers.ts",
    find: "if (Exit.isSuccess(exit) || phase.hasEnded) break",
    replace: "break",
    tests: ["lane/supervision"]
  },
  {
    name: "a retry that another batch overtakes",
    file: "src/lane/LaneWorkers.ts",
    find: "        if (slot.write !== undefined) yield* this.writeBatch(slot)\n",
    replace:
      "        if (slot.error !== undefined && state.queue.size > 0) { const held = slot.batch; state.take(slot); slot.rest.push(held); slot.error = undefined }\n        if (slot.write !== undefined) yield* this.writeBatch(slot)\n",
    tests: ["lane/retry", "lane/conservation"]
  },
  {
    name: "what a failed write has stored is sent again",
    file: "src/contract/storedIn.ts",
    find: "=> count > 0 ?",
    replace: "=> count < 0 ?",
    tests: ["lane/retry"]
  },
  {
    name: "retryAfter is ignored",
    file: "src/lane/RetryWaits.ts",
    find: "return wait === undefined ? undefined : Math.max(wait, askedFor(error))",
    replace: "return wait",
    tests: ["lane/retry"]
  },
  {
    name: "a retry schedule on the wall clock",
    file: "src/lane/RetryWaits.ts",
    find: "Effect.map(Clock.Clock, monotonicMillis)",
    replace: "Effect.map(Clock.Clock, (clock) => clock.currentTimeMillisUnsafe())",
    tests: ["lane/protocols"]
  },
  {
    name: "a bisection that sends the second half first",
    file: "src/lane/WorkerSlot.ts",
    find: "[batch.slice(0, at), batch.slice(at)]",
    replace: "[batch.slice(at), batch.slice(0, at)]",
    tests: ["lane/poison"]
  },
  {
    name: "the whole refused batch is given up",
    file: "src/lane/answers.ts",
    find: "  if (open.length > 1) return { move: { _tag: \"Split\", at: open.length >> 1 }, sign: \"refuses\" }\n",
    replace: "",
    tests: ["lane/poison"]
  },
  {
    name: "a breaker that a drain does not bypass",
    file: "src/lane/LanePhase.ts",
    find: "return Effect.asVoid(Effect.timeoutOption(end.await, millis))",
    replace: "return Effect.sleep(millis)",
    tests: ["lane/breaker", "Drain"]
  },
  {
    name: "shutdown that awaits a hanging sink",
    file: "src/runtime/Deadline.ts",
    find: "      Effect.timeoutOption(millis),\n      Effect.asVoid",
    replace: "      Effect.asVoid",
    tests: ["Drain"]
  },
  {
    name: "what is in flight at the deadline is forgotten",
    file: "src/lane/answers.ts",
    find: "maybeSent ? \"unconfirmed\" : reason",
    replace: "reason",
    tests: ["Drain"]
  },
  {
    name: "a flush that does not wait for what is being written",
    file: "src/lane/Settlement.ts",
    find: "if (!slot.isEmpty && slot.isInMemoryOnly) least = Math.min(least, slot.firstPosition)",
    replace: "",
    tests: ["lane/batching"]
  },
  {
    name: "a full batch that waits for the window",
    file: "src/lane/LaneState.ts",
    find: "if (size >= wakeUp.size || bytes >= wakeUp.bytes) wakeUp.wake()",
    replace: "if (size >= wakeUp.size && wakeUp.size === 1) wakeUp.wake()",
    tests: ["lane/batching"]
  },
  {
    name: "a spooled batch that is acknowledged before it is delivered",
    file: "src/lane/LaneSpool.ts",
    find: "      slot.holdSpooled(batch)\n",
    replace: "      slot.holdSpooled(batch)\n      this.settle(batch)\n",
    tests: ["lane/spool"]
  },
  {
    name: "a spool that new records overtake",
    file: "src/lane/LaneState.ts",
    find: "if (this.spill?.fill(slot) === true) return",
    replace: "if (this.queue.size === 0 && this.spill?.fill(slot) === true) return",
    tests: ["lane/spool"]
  },
  {
    name: "a spooled batch that is handed out and thrown away",
    file: "src/lane/LaneSpool.ts",
    find: "  settle(batch: SpooledBatch): void {\n    this.store.ack(batch)",
    replace: "  settle(batch: SpooledBatch): void {\n    this.store.ack(batch)\n    this.store.next()",
    tests: ["lane/spool"]
  },
  {
    name: "a spooled record that is too old is sent all the same",
    file: "src/lane/LaneWorkers.ts",
    find: "    if (!settlement.expire(slot)) return false\n",
    replace: "",
    tests: ["lane/expiry"]
  },
  {
    name: "a dead letter that is removed before it is settled",
    file: "src/lane/WorkerSlot.ts",
    find: "    this.letter = letter\n",
    replace: "    this.letter = letter\n    letter.settle()\n",
    tests: ["lane/replay"]
  },
  {
    name: "what is given up again is lost when the lane keeps no dead letters",
    file: "src/lane/GivenUp.ts",
    find: "    giving.letter.keep(letters)\n",
    replace: "",
    tests: ["lane/replay"]
  },
  {
    name: "a fallback that is offered what passes it by",
    file: "src/lane/GivenUp.ts",
    find: "if (severity < inlet.minimum || (inlet.filter !== undefined && !passes(inlet.filter, record))) return true",
    replace: "",
    tests: ["lane/poison"]
  },
  {
    name: "a queue that passes what its spool cannot read now",
    file: "src/lane/Spill.ts",
    find: "    if (!spool.fill(slot, most)) return spool.waiting > 0\n",
    replace: "    if (!spool.fill(slot, most)) return false\n",
    tests: ["lane/unreadable"]
  },
  {
    name: "a queue that goes to disk in front of what is being written",
    file: "src/lane/Spill.ts",
    find: " && queue.size > 0 && this.isNext()) {",
    replace: " && queue.size > 0) {",
    tests: ["lane/spool"]
  },
  {
    name: "a batch that made room is called spooled",
    file: "src/lane/Spill.ts",
    find: "!isGone && slot.letter === undefined",
    replace: "slot.letter === undefined",
    tests: ["lane/spool"]
  },
  {
    name: "what a full spool refused waits until everything before it is sent",
    file: "src/lane/LaneSpool.ts",
    find: "    if (this.store.bytes >= heldBack.spoolBytes) return false\n",
    replace: "    if (this.store.bytes >= 0) return false\n",
    tests: ["lane/spool"]
  },
  {
    name: "what a killed process left is not synced",
    file: "src/spool/log/SpoolLog.ts",
    find: "    if (fsync !== \"never\") this.segments.syncRecovered()\n",
    replace: "",
    tests: ["spool/power"]
  },
  {
    name: "a folder that cannot be made is only said to be missing",
    file: "src/sinks/file/AppendFile.ts",
    find: "failure.code === \"ENOENT\" && folder !== undefined",
    replace: "failure.code === \"\" && folder !== undefined",
    tests: ["sinks/FileSink"]
  },
  {
    name: "half a line stays in the file",
    file: "src/sinks/file/AppendFile.ts",
    find: "      if (written > size && written < bytes.length) yield* this.end.cut(calls, opened, written - size)\n",
    replace: "",
    tests: ["sinks/FileSink"]
  },
  {
    name: "a partial write that is started anew",
    file: "src/sinks/file/Writer.ts",
    find: "this.files.write(opened.fd, bytes, written, length,",
    replace: "this.files.write(opened.fd, bytes, 0, length,",
    tests: ["sinks/FileSink"]
  },
  {
    name: "a last write that does not wait for the one that a thread has",
    file: "src/sinks/file/AppendFile.ts",
    find: "    this.arrived = this.writer.letFinish() ?? this.arrived\n",
    replace: "",
    tests: ["sinks/FileSink"]
  },
  {
    name: "a batch that is taken to have arrived because the file is as long as that",
    file: "src/sinks/file/Writer.ts",
    find: "return this.end.hasSync(files, write) ? write : undefined",
    replace: "return write",
    tests: ["sinks/FileSink"]
  },
  {
    name: "a batch that is written once more although it is in the file",
    file: "src/sinks/file/AppendFile.ts",
    find: "    if (this.arrived?.batch === batch) return\n",
    replace: "",
    tests: ["sinks/FileSink"]
  },
  {
    name: "a name of a secret that is not known behind a word that is joined to it",
    file: "src/rules/redact/secretNames.ts",
    find: "if (word.endsWith(end) && word !== end) return [word.slice(0, -end.length), end]",
    replace: "if (word === end) return [end]",
    tests: ["rules/redact/secretNames"]
  },
  {
    name: "a cursor that is taken for a secret",
    file: "src/rules/redact/secretNames.ts",
    find: "!(harmless.has(before) || ",
    replace: "!(",
    tests: ["rules/redact/secretNames"]
  },
  {
    name: "a URL under a key that keeps its password",
    file: "src/capture/ValueWalk.ts",
    find: "if (typeof u === \"string\") return this.url(u)",
    replace: "if (typeof u === \"string\") return this.text(u)",
    tests: ["LogRedactor"]
  },
  {
    name: "a password with a slash that is taken for a port",
    file: "src/rules/redact/redactUrl.ts",
    find: "if (code < 0x30 || code > 0x39) return text.indexOf(\"@\", end)",
    replace: "if (code < 0x30 || code > 0x39) return -1",
    tests: ["rules/redact/redactUrl"]
  },
  {
    name: "half a line that somebody left is not looked for",
    file: "src/sinks/file/FileEnd.ts",
    find: "if (last[0] === lineBreak) return false",
    replace: "if (size > 0) return false",
    tests: ["sinks/FileSink"]
  },
  {
    name: "half a line of a write without a queue that is not noted",
    file: "src/sinks/file/Writer.ts",
    find: "        if (count === 0) throw takesNothing()\n        this.note(write, count)",
    replace: "        if (count === 0) throw takesNothing()\n        write.took(count)",
    tests: ["sinks/FileSink"]
  },
  {
    name: "what is stored of the last batch counts as lost",
    file: "src/lane/writeLeft.ts",
    find: "    if (!(error instanceof SinkError)) return undefined\n",
    replace: "    if (!Object.is(error, undefined)) return undefined\n",
    tests: ["sinks/FileSink"]
  },
  {
    name: "an answer settles what is being written synchronously",
    file: "src/lane/LaneWorkers.ts",
    find: "if (slot.isEmpty || phase.now === \"closed\") return",
    replace: "if (slot.isEmpty) return",
    tests: ["lane/supervision"]
  },
  {
    name: "a worker that is left behind gives up what is being written synchronously",
    file: "src/lane/LaneWorkers.ts",
    find: "slot.error !== undefined && this.state.phase.now !== \"closed\"",
    replace: "slot.error !== undefined",
    tests: ["lane/supervision"]
  },
  {
    name: "a batch on its way to disk is in no books while the program is told of the disk",
    file: "src/lane/LaneSpool.ts",
    find:
      "    this.counters.move(\"queued\", \"inFlight\", batch.length)\n    this.release({ batch, firstPosition, spoolBytes: Infinity })",
    replace:
      "    this.release({ batch, firstPosition, spoolBytes: Infinity })\n    this.counters.move(\"queued\", \"inFlight\", batch.length)",
    tests: ["lane/fullDisk"]
  },
  {
    name: "what is on disk because the destination is gone is sent there",
    file: "src/lane/LaneWorkers.ts",
    find: "          if (state.phase.hasEnded) return\n",
    replace: "",
    tests: ["lane/spool"]
  },
  {
    name: "a write that hangs is followed by another one",
    file: "src/sinks/file/AppendFile.ts",
    find: "    if (busy === undefined) return this.prepare(this.later)",
    replace: "    if (this.path !== \"\" || busy === undefined) return this.prepare(this.later)",
    tests: ["sinks/FileSink"]
  },
  {
    name: "a runtime that takes a bound which is undefined",
    file: "src/options/checkOptions.ts",
    find: "if (value === undefined && check.required !== true) continue",
    replace: "if (value === undefined && !(key in options)) continue",
    tests: ["docs/undefinedOptions"]
  },
  {
    name: "a sink whose default is replaced by undefined",
    file: "src/options/checkOptions.ts",
    find: "if (value === undefined && check.required !== true) continue",
    replace: "if (value === undefined && check.required !== true) { read[key] = value; continue }",
    tests: ["docs/undefinedOptions"]
  },
  {
    name: "a combinator that forgets what is undefined",
    file: "src/LogSink.ts",
    find: "(sink) => replaced(sink, set)",
    replace: "(sink) => replaced(sink, { ...set, ...options })",
    tests: ["LogSink"]
  },
  {
    name: "a record of a test whose objects are no ordinary ones",
    file: "src/testing/TestLogging.ts",
    find: "const record = ordinary(given)",
    replace: "const record = given",
    tests: ["testing/ordinaryRecords"]
  },
  {
    name: "an annotation that is compared by identity",
    file: "src/testing/TestLogging.ts",
    find: "Equal.equals(annotations[key], value)",
    replace: "annotations[key] === value",
    tests: ["testing/TestLogging"]
  },
  {
    name: "a store of dead letters that every program loads",
    file: "src/spool/DeadLetters.ts",
    find: `const loadStore = Effect.promise(() => import("./openLetters.ts"))`,
    replace: `import * as store from "./openLetters.ts"\nconst loadStore = Effect.succeed(store)`,
    tests: ["docs/size", "process/loading"]
  },
  {
    name: "dead letters that their scope leaves open",
    file: "src/spool/openLetters.ts",
    find: "(opened) => Effect.sync(() => opened.close())",
    replace: "() => Effect.void",
    tests: ["spool/DeadLetters"]
  },
  {
    name: "a folder for a file that is made with permissions of its own",
    file: "src/sinks/file/AppendFile.ts",
    find: "this.options.folderMode ?? 0o700",
    replace: "0o700",
    tests: ["sinks/FileSink"]
  },
  {
    name: "a file that Effect.runSync would have to wait for",
    file: "src/sinks/file/AppendFile.ts",
    find: "executionMode === \"sync\" ? this.prepare(this.now) : this.ready()",
    replace: "executionMode === undefined ? this.prepare(this.now) : this.ready()",
    tests: ["runtime/runSync"]
  },
  {
    name: "lanes that stay on the scheduler of the Effect.runSync that built them",
    file: "src/runtime/assemble.ts",
    find: "building.executionMode === \"sync\" ? new Scheduler.MixedScheduler() : building",
    replace: "building",
    tests: ["runtime/runSync"]
  },
  {
    name: "a named pipe whose reader is waited for",
    file: "src/node/fileCalls.ts",
    find: "append: O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY",
    replace: "append: O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY",
    tests: ["process/oddFiles"]
  },
  {
    name: "a replay that is stopped and begins the frame anew",
    file: "src/cli/spool/replay.ts",
    find: "        log.settleSome(log.keep(taken, records.length), [...records.keys()].slice(0, error.stored))\n",
    replace: "",
    tests: ["cli/spool"]
  },
  {
    name: "a closed pipe that is an error of the tool",
    file: "src/cli/spool/dump.ts",
    find: "const closedPipe = new Set([\"EPIPE\", ",
    replace: "const closedPipe = new Set([",
    tests: ["cli/spool"]
  },
  {
    name: "a program that loads all utilities of Node for the names of its types",
    file: "src/node/builtIns.ts",
    find: "export * as builtIns from \"node:util/types\"",
    replace: "export { types as builtIns } from \"node:util\"",
    tests: ["process/loading"]
  },
  {
    name: "modules of the package whose functions are parsed whole when they are loaded",
    file: "scratchpad/package/bundle.ts",
    find: "preparsed(markPure(text))",
    replace: "markPure(text)",
    tests: ["process/loading"]
  },
  {
    name: "an arrow function of a class that loses its `this` in the package",
    file: "scratchpad/package/preparsed.ts",
    find: "if (within.has(node.type)) return",
    replace: "if (within.has(node.type) && node.type !== \"ClassExpression\") return",
    tests: ["process/preparsed"]
  },
  {
    name: "modules of the package that share no chunks with those of a program that logs",
    file: "scratchpad/package/bundle.ts",
    find: "        ...withoutRuntime,\n        \"Logging\",\n        \"spool/DeadLetters\",\n",
    replace: "",
    tests: ["process/loading"]
  },
  {
    name: "sinks that share what they have to post in a chunk for every two of them",
    file: "scratchpad/package/bundle.ts",
    find: "posting.has(module) ? ofPosting : []",
    replace: "[]",
    tests: ["process/loading"]
  },
  {
    name: "doctor: a log that is built whole, spools and lanes with it",
    file: "src/runtime/inspection.ts",
    find: "inspect === undefined ? settled : yield* inspect(settled.sinks)",
    replace: "inspect === undefined ? settled : settled",
    tests: ["cli/doctor"]
  },
  {
    name: "doctor: a refusal that counts as delivered",
    file: "src/cli/doctor/probe.ts",
    find: "sign === \"works\"",
    replace: "sign !== \"fails\"",
    tests: ["cli/doctor"]
  },
  {
    name: "doctor: a clock that is behind, said to be ahead",
    file: "src/cli/doctor/report.ts",
    find: "ahead > 0 ?",
    replace: "ahead !== 0 ?",
    tests: ["cli/doctor"]
  },
  {
    name: "doctor: an exported text that is shown",
    file: "src/cli/doctor/sources.ts",
    find: "typeof u === \"string\" ? \"a text\" : shown(u)",
    replace: "shown(u)",
    tests: ["cli/doctor"]
  },
  {
    name: "a process that waits for a thread that hangs",
    file: "src/node/heldCalls.ts",
    find: "  if (!guarded) change(\"on\")\n",
    replace: "",
    tests: ["process/oddFiles"]
  },
  {
    name: "a pipe that nobody reads is waited for with every write",
    file: "src/node/Patience.ts",
    find: "    if (this.remainingMillis <= 0) return false\n",
    replace: "    if (this.remainingMillis <= 0) this.remainingMillis = longestWaitMillis\n",
    tests: ["sinks/FileSink"]
  },
  {
    name: "a DEL that reaches a line of a batch",
    file: "src/encode/bytes/LineBuffer.ts",
    find: "isAscii ? !text.includes(del) : ",
    replace: "isAscii || ",
    tests: ["capture/controlCharacters"]
  },
  {
    name: "an error in an object that is shown as a line of JSON",
    file: "src/encode/prettyBlock.ts",
    find: "(holdsError(value) || lineOf",
    replace: "(lineOf",
    tests: ["encode/PrettyRenderer"]
  },
  {
    name: "a secret key that is copied",
    file: "src/capture/ValueWalk.ts",
    find: "const copy = holds === \"secret\"\n",
    replace: "const copy = holds === \"typeId\"\n",
    tests: ["capture/snapshot"]
  },
  {
    name: "an error of a sink whose URL is shown on stderr as it is",
    file: "src/diagnostics/lines.ts",
    find: "withoutCredentials(text).split",
    replace: "text.split",
    tests: ["test/leaks"]
  },
  {
    name: "a message of an error whose URL is shown as it is",
    file: "src/capture/Texts.ts",
    find: "? this.text(this.knownKeys.redactText(text))",
    replace: "? this.text(text)",
    tests: ["test/leaks"]
  },
  {
    name: "a secret key that is packed",
    file: "src/capture/Snapshot.ts",
    find: "if (holds === \"secret\") return this.marker",
    replace: "",
    tests: ["capture/packed", "LogRedactor"]
  },
  {
    name: "a packed message that keeps the leaves of a value that failed",
    file: "src/capture/Snapshot.ts",
    find: "        this.leaves[at] = copy\n        this.leafCount = at + 1\n",
    replace: "        this.leaves[this.leafCount++] = copy\n",
    tests: ["capture/packed"]
  },
  {
    name: "an attribute that stands beside a bound one of its name",
    file: "src/encode/contextTexts.ts",
    find: "if (Object.hasOwn(annotations, names[i]!)) return false",
    replace: "if (names[i] === undefined && Object.hasOwn(annotations, \"\")) return false",
    tests: ["capture/packed"]
  },
  {
    name: "a line with attributes that has the time of the line before",
    file: "src/encode/JsonRenderer.ts",
    find: "bound === this.headOf && middle === this.headMiddle",
    replace: "bound === this.headOf",
    tests: ["capture/packed"]
  },
  {
    name: "a line with attributes that has the span of the line before",
    file: "src/encode/JsonRenderer.ts",
    find: "const isAlike = endsAlike(origin)",
    replace: "const isAlike = true",
    tests: ["capture/packed"]
  },
  {
    name: "a packed message with a name twice in one object",
    file: "src/capture/Snapshot.ts",
    find: "return shape.mayRepeat ? message.unpack() : message",
    replace: "return message",
    tests: ["capture/packed"]
  },
  {
    name: "annotations that are remembered although they can change",
    file: "src/capture/SeenContexts.ts",
    find: "typeof value === \"object\" && value !== null && !Redacted",
    replace: "value === null && !Redacted",
    tests: ["LogRecord"]
  },
  {
    name: "a record that says it comes from another fiber",
    file: "src/capture/FiberOrigins.ts",
    find: "if (fiber.context === this.source && fiber.id === this.last.fiberId) return this.last",
    replace: "if (fiber.context === this.source) return this.last",
    tests: ["LogRecord"]
  },
  {
    name: "a text that goes the shortest way although there is a cause",
    file: "src/capture/Capture.ts",
    find: "message.length !== 1 || cause.reasons.length > 0) return undefined",
    replace: "message.length !== 1) return undefined",
    tests: ["capture/captureText"]
  },
  {
    name: "a text that goes the shortest way although it is too long",
    file: "src/capture/Capture.ts",
    find: "typeof text !== \"string\" || text.length > this.longestText",
    replace: "typeof text !== \"string\" || this.longestText < 0",
    tests: ["capture/captureText"]
  },
  {
    name: "a text that goes the shortest way although the annotations leave no room for it",
    file: "src/capture/Capture.ts",
    find: "if (origin === undefined || origin.context.bytes > this.recordBytes) return undefined",
    replace: "if (origin === undefined) return undefined",
    tests: ["capture/captureText"]
  },
  {
    name: "a text on the shortest way that others can overtake while lanes take it",
    file: "src/capture/Capture.ts",
    find: "    this.stage = \"offering\"\n    const { sequence } = this.builder",
    replace: "    const { sequence } = this.builder",
    tests: ["capture/captureText"]
  },
  {
    name: "a text on the shortest way that may be read within itself without end",
    file: "src/capture/Capture.ts",
    find: "    this.stage = \"reading\"\n",
    replace: "",
    tests: ["capture/captureText"]
  },
  {
    name: "who waits for a flush goes on within the log call that settles it",
    file: "src/lane/Flushes.ts",
    find: "return Effect.andThen(Deferred.await(done), Effect.yieldNow)",
    replace: "return Deferred.await(done)",
    tests: ["test/Logging"]
  },
  {
    name: "a number that is rounded to three digits behind the point",
    file: "src/encode/bytes/ValueWriter.ts",
    find: " && thousandths / 1000 === value",
    replace: "",
    tests: ["encode/values"]
  },
  {
    name: "a text that is taken for another of its slot",
    file: "src/encode/bytes/ValueWriter.ts",
    find: "if (this.texts[slot] !== text) {",
    replace: "if (this.texts[slot] === \"\") {",
    tests: ["LogEncoder"]
  },
  {
    name: "a long text with a backslash that is written as it is",
    file: "src/encode/bytes/oddBytes.ts",
    find: " & ((low ^ backslashes) + lowBits)",
    replace: "",
    tests: ["encode/plainText"]
  },
  {
    name: "a C1 control in text that is not ASCII, written as it is",
    file: "src/encode/bytes/oddBytes.ts",
    find: " | ((unlikeFirst - ones) & ~unlikeFirst)) & highBits",
    replace: ") & highBits",
    tests: ["encode/plainText"]
  },
  {
    name: "a text full of escapes that overtakes what is still to be read of it",
    file: "src/encode/bytes/escapedText.ts",
    find: "const end = from + 6 * text.length",
    replace: "const end = written + 5",
    tests: ["encode/plainText"]
  },
  {
    name: "half a pair at the end of a text that is written as such",
    file: "src/encode/bytes/escapedText.ts",
    find: "if (low >= 0xdc00 && low <= 0xdfff) {",
    replace: "if (code < 0xdc00) {",
    tests: ["encode/plainText"]
  },
  {
    name: "a separator of paragraphs in annotations, written as it is",
    file: "src/encode/bytes/oddBytes.ts",
    find: "(bytes[at + 2]! & 0xfe) === 0xa8",
    replace: "bytes[at + 2] === 0xa8",
    tests: ["encode/plainText", "capture/controlCharacters"]
  },
  {
    name: "a record with a cause that is written like its neighbours",
    file: "src/encode/JsonRenderer.ts",
    find: " || record.cause !== undefined) break",
    replace: ") break",
    tests: ["LogEncoder", "capture/packed"]
  },
  {
    name: "a lane that has ended and still takes records",
    file: "src/lane/LaneState.ts",
    find: "    this.queue.end()\n",
    replace: "",
    tests: ["test/lane"]
  },
  {
    name: "a line separator that is not escaped",
    file: "src/encode/escapes.ts",
    find: "json.replaceAll(unescaped, escape)",
    replace: "json",
    tests: ["LogEncoder"]
  },
  {
    name: "a flat annotation that is moved to the name of another",
    file: "src/encode/flatAnnotations.ts",
    find: "freeName(taken, moved + key)",
    replace: "moved + key",
    tests: ["encode/jsonShape"]
  },
  {
    name: "a batch that is cut by the characters of the next line's start",
    file: "src/encode/JsonRenderer.ts",
    find: "buffer.length - begun",
    replace: "buffer.length - start.length",
    tests: ["encode/jsonShape"]
  },
  {
    name: "a number among messages that are text",
    file: "src/encode/JsonRenderer.ts",
    find: "const isSimple = !isText && uid === undefined",
    replace: "const isSimple = uid === undefined",
    tests: ["encode/jsonShape"]
  },
  {
    name: "an attribute of one call that takes the name of a field",
    file: "src/encode/JsonRenderer.ts",
    find: "return areFree(namesOf(own), reserved) &&\n      ",
    replace: "return ",
    tests: ["encode/jsonShape"]
  },
  {
    name: "an encoder of the library that two sinks share with its memory",
    file: "src/sinks/encoding/format.ts",
    find: "ownEncoder(copy())",
    replace: "ownEncoder(encoder)",
    tests: ["sinks/encoders"]
  },
  {
    name: "a line of half a character",
    file: "src/sinks/encoding/ProgramEncoder.ts",
    find: " && text.isWellFormed()\n",
    replace: "\n",
    tests: ["sinks/encoders"]
  },
  {
    name: "a promise of an encoder that ends the process",
    file: "src/sinks/encoding/ProgramEncoder.ts",
    find: "unawaited(encoder.encode(record))",
    replace: "encoder.encode(record)",
    tests: ["sinks/encoders"]
  },
  {
    name: "fields of services that a fiber no longer has",
    file: "src/capture/FiberOrigins.ts",
    find: "if (this.enricher !== undefined && this.enricher.known(fiber.context) !== place.extra) return undefined",
    replace: "",
    tests: ["capture/enrich"]
  },
  {
    name: "fields of services that are asked for again and again",
    file: "src/capture/Enricher.ts",
    find: "this.said.set(services, context)",
    replace: "",
    tests: ["capture/enrich"]
  },
  {
    name: "large fields that are held for a fiber",
    file: "src/capture/FiberOrigins.ts",
    find: " && (extra === undefined || this.enricher?.isLight(extra) === true)",
    replace: "",
    tests: ["capture/enrich"]
  },
  {
    name: "a description that is redacted by the rules of the runtime alone",
    file: "src/runtime/Describer.ts",
    find: "const redactor = LogRedactor.make({ keys })",
    replace: "const redactor = redact === false ? LogRedactor.none : LogRedactor.make(redact)",
    tests: ["runtime/describe"]
  },
  {
    name: "a description with texts as they are",
    file: "src/runtime/Describer.ts",
    find: "(value: string): string => redactText(value, redactor)",
    replace: "(value: string): string => redactor.marker === \"\" ? redactText(value, redactor) : value",
    tests: ["runtime/describe"]
  },
  {
    name: "a description that has the environment say something of fallbacks",
    file: "src/runtime/Describer.ts",
    find: "environment !== undefined && role === \"sink\" && came !== \"later\"",
    replace: "environment !== undefined && came !== \"later\"",
    tests: ["runtime/describe"]
  },
  {
    name: "lanes that have gone and are never summed",
    file: "src/runtime/ClosedLanes.ts",
    find: "this.named.length <= mostNamed",
    replace: "mostNamed > 0",
    tests: ["runtime/goneLanes"]
  },
  {
    name: "drops that are told again when the books of their lane are summed",
    file: "src/runtime/DropSummaries.ts",
    find: "this.told.set(into, sumOfDrops([told, this.told.get(into) ?? noDrops()]))",
    replace: "this.told.set(into, this.told.get(into) ?? noDrops())",
    tests: ["runtime/goneLanes"]
  },
  {
    name: "a scope that detaches the lane which has the name of its own now",
    file: "src/runtime/Arriving.ts",
    find: "detaching.leave(member)",
    replace: "Effect.ignore(detaching.run(member.lane.name))",
    tests: ["runtime/goneLanes"]
  },
  {
    name: "a route that is undone by a filter that throws",
    file: "src/runtime/Routing.ts",
    find: "(record) => leadsHere(record) && own(record)",
    replace: "own",
    tests: ["LogRoutes"]
  },
  {
    name: "a lane that comes and has nothing, because no route knows of it",
    file: "src/runtime/Routing.ts",
    find: "came === \"later\" && !named.includes(true)",
    replace: "came === \"later\" && named.length === 0",
    tests: ["runtime/rules"]
  },
  {
    name: "rules that wake a lane which goes by them already",
    file: "src/runtime/LiveRules.ts",
    find: "!Equal.equals(news, settingsOf(lane.options))",
    replace: "news !== settingsOf(lane.options)",
    tests: ["runtime/rules"]
  },
  {
    name: "rules that leave the routes as they are",
    file: "src/runtime/LiveRules.ts",
    find: "routing.become(LogRoutes.make(routes))",
    replace: "LogRoutes.make(routes)",
    tests: ["runtime/rules"]
  },
  {
    name: "rules that keep the filter of a lane which had none",
    file: "src/runtime/laneSettings.ts",
    find: "filter: filter === false ? undefined : filter }",
    replace: "...(filter !== false && { filter }) }",
    tests: ["runtime/rules", "runtime/setLane"]
  },
  {
    name: "a route that does not end the search",
    file: "src/runtime/Routing.ts",
    find: "this.conditions.findIndex(",
    replace: "this.conditions.findLastIndex(",
    tests: ["LogRoutes"]
  },
  {
    name: "a scope that has others of its beginning",
    file: "src/record/scope.ts",
    find: "name.startsWith(asked.slice(0, -1))",
    replace: "name.startsWith(asked.slice(0, -2))",
    tests: ["LogRoutes"]
  },
  {
    name: "a map that shows what it does not take",
    file: "src/capture/RecordMapper.ts",
    find: "this.like(record, withheld, this.originWith(record.origin, emptyContext), undefined)",
    replace: "this.like(record, record.content, record.origin, record.cause)",
    tests: ["lane/map"]
  },
  {
    name: "a map whose fields are not redacted",
    file: "src/capture/RecordMapper.ts",
    find: "const copies = fieldsOf(snapshot.own(added, 0, new PlainObject()))",
    replace: "const copies = added",
    tests: ["lane/map"]
  },
  {
    name: "a map that is asked again for every write",
    file: "src/runtime/mappedSink.ts",
    find: "known.set(record, made)",
    replace: "",
    tests: ["lane/map"]
  },
  {
    name: "a marker that is counted although nobody has stored it",
    file: "src/sinks/encoding/Marks.ts",
    find: "i < stored && this",
    replace: "i < batch.length && this",
    tests: ["sinks/encoders"]
  },
  {
    name: "a line that is encoded anew where its half was written",
    file: "src/sinks/ConsoleSink.ts",
    find: "joined(torn.line, encoder.encodeBatch(batch.slice(1)))",
    replace: "encoder.encodeBatch(batch)",
    tests: ["process/encoders"]
  },
  {
    name: "a stack with the machinery of Effect in it",
    file: "src/capture/stackFrames.ts",
    find: "cut === -1 ? lines.length",
    replace: "cut !== -2 ? lines.length",
    tests: ["capture/effectStacks"]
  },
  {
    name: "a failure without the functions it came through",
    file: "src/capture/captureError.ts",
    find: "const frames = calls(reason, Cause.StackTrace.key, walk)",
    replace: "const frames = calls(reason, Cause.InterruptorStackTrace.key, walk)",
    tests: ["capture/effectStacks"]
  },
  {
    name: "an error that is an object like any other after a spool",
    file: "src/spool/recordCodec.ts",
    find: "if (isMarked) restoreErrors(fields, marks)",
    replace: "",
    tests: ["spool/recordCodec"]
  },
  {
    name: "records of two runtimes with one uid",
    file: "src/node/randomId.ts",
    find: "bytes.toString(\"base64url\", taken, taken += some)",
    replace: "\"\".padStart(1024, \"0\")",
    tests: ["record/identity"]
  },
  {
    name: "records of one millisecond at one time",
    file: "src/capture/Sequence.ts",
    find: "else if (this.place < mostPlaces - 1) this.place++",
    replace: "",
    tests: ["record/identity"]
  },
  {
    name: "a shortened record that is another one",
    file: "src/lane/shortenRecord.ts",
    find: "sampled, runtimeId),",
    replace: "sampled, \"\"),",
    tests: ["record/identity"]
  },
  {
    name: "records of an old spool with one uid",
    file: "src/spool/recordIdentity.ts",
    find: "runtimeId: prefix + index.toString(36).padStart(4, \"0\")",
    replace: "runtimeId: prefix.padStart(16, \"0\")",
    tests: ["spool/version1"]
  },
  {
    name: "an old spool that is taken for a new one",
    file: "src/spool/frameContent.ts",
    find: "header.version < 2 ? identitiesOfVersion1(header, payload) : undefined",
    replace: "undefined",
    tests: ["spool/version1"]
  },
  {
    name: "batches in memory that are sent together though one segment may be dropped without the other",
    file: "src/spool/RecentFrames.ts",
    find: " && next.start.segment === frame.start.segment &&",
    replace: " &&",
    tests: ["spool/recentFrames"]
  },
  {
    name: "a password in an endpoint that has no scheme, on stderr",
    file: "src/sinks/otlp/environmentValues.ts",
    find: "withoutCredentials(noScheme + text).slice(noScheme.length)",
    replace: "text",
    tests: ["sinks/otlp/environment"]
  },
  {
    name: "a header of the environment that the client refuses, with every batch",
    file: "src/sinks/otlp/environmentValues.ts",
    find: ".filter(([name]) => !isOfClient(name))",
    replace: "",
    tests: ["sinks/otlp/environment"]
  },
  {
    name: "a frame that was read ahead stays when its segment is dropped",
    file: "src/spool/FrameStore.ts",
    find: "return dropped + this.dropAhead()",
    replace: "return dropped",
    tests: ["spool/framesRead"]
  },
  {
    name: "a loss in front of a frame that was read ahead is told with that",
    file: "src/spool/FrameStore.ts",
    find: "      first.takeLossOf(next)\n",
    replace: "",
    tests: ["spool/framesRead"]
  },
  {
    name: "what a full spool has dropped is lost once more after a kill",
    file: "src/spool/log/SpoolLog.ts",
    find: "const dropped = this.reader.lose(end)",
    replace: "const dropped = this.reader.openUpTo(end)",
    tests: ["spool/framesRead"]
  },
  {
    name: "batches that are read together though one segment may be dropped without the other",
    file: "src/spool/FramesRead.ts",
    find: " && start.segment === this.start.segment",
    replace: "",
    tests: ["spool/framesRead"]
  },
  {
    name: "a batch that may have been sent, and is sent with others now",
    file: "src/spool/FramesRead.ts",
    find: "if (next.header?.flags !== 0 || ",
    replace: "if (",
    tests: ["spool/framesRead"]
  },
  {
    name: "a batch that was read ahead and is forgotten",
    file: "src/spool/FrameStore.ts",
    find: "const first = this.takeAhead() ?? this.read(most)",
    replace: "const first = this.read(most)",
    tests: ["spool/framesRead"]
  },
  {
    name: "places of a batch that are those of its first frame",
    file: "src/spool/FramesRead.ts",
    find: "      first += count\n",
    replace: "",
    tests: ["spool/framesRead"]
  },
  {
    name: "batches on disk that stay in memory without a bound",
    file: "src/spool/RecentFrames.ts",
    find: "if (this.bytes + frame.bytes > mostBytes) return",
    replace: "if (mostBytes < 0) return",
    tests: ["spool/recentFrames"]
  },
  {
    name: "batches on disk that stay in memory as long as they wait",
    file: "src/spool/FrameStore.ts",
    find: "  checkpoint(): SpoolError | undefined {\n    this.recent.forget()\n",
    replace: "  checkpoint(): SpoolError | undefined {\n",
    tests: ["spool/recentFrames", "lane/spool"]
  },
  {
    name: "a record on a spool with the uid of its neighbour",
    file: "src/spool/RecordWriter.ts",
    find: " && origin.runtimeId === this.runtimeId && cause === undefined &&",
    replace: " && cause === undefined &&",
    tests: ["spool/recordCodec"]
  },
  {
    name: "a record on a spool with the time of its neighbour",
    file: "src/spool/RecordWriter.ts",
    find: " || origin !== this.betweenOf || offset !== this.betweenAt) {",
    replace: " || origin !== this.betweenOf) {",
    tests: ["spool/recordCodec"]
  },
  {
    name: "a record that cannot be encoded and leaves its beginning on the spool",
    file: "src/spool/RecordWriter.ts",
    find: "buffer.cut(begun)",
    replace: "buffer.cut(Math.max(begun, buffer.length))",
    tests: ["spool/recordCodec"]
  },
  {
    name: "an issue of a schema that is said a second time",
    file: "src/capture/captureError.ts",
    find: "issueText(value) === message",
    replace: "issueText(value) === \"\"",
    tests: ["capture/effectErrors"]
  },
  {
    name: "a hidden code of an error that is passed over",
    file: "src/capture/captureError.ts",
    find: "const hidden = [\"code\",",
    replace: "const hidden = [",
    tests: ["capture/effectErrors"]
  },
  {
    name: "reasons of a cause that are cut in silence",
    file: "src/capture/captureError.ts",
    find: "if (count < reasons.length) out.push({ kind: \"More\", count: reasons.length - count })",
    replace: "",
    tests: ["capture/cuts"]
  },
  {
    name: "log spans that are cut in silence",
    file: "src/capture/logSpans.ts",
    find: "bound < spans.length && outermost !== undefined",
    replace: "bound > spans.length && outermost !== undefined",
    tests: ["capture/cuts"]
  },
  {
    name: "names that are cut to the same text and stand for each other",
    file: "src/record/plainData.ts",
    find: "for (let count = 2; Object.hasOwn(out, free); count++)",
    replace: "for (let count = 2; count < 2; count++)",
    tests: ["capture/cuts"]
  },
  {
    name: "span events that keep Effect's own logger, which shows what is redacted",
    file: "src/capture/spanEvents.ts",
    find: "all.filter((logger) => logger !== Logger.tracerLogger)",
    replace: "all",
    tests: ["capture/spanEvents"]
  },
  {
    name: "a span event of a call that becomes no record and still takes a number",
    file: "src/capture/Capture.ts",
    find: "message, cause, date, fiber, true)",
    replace: "message, cause, date, fiber)",
    tests: ["capture/spanEvents"]
  },
  {
    name: "a full disk on which an empty segment is dropped for ever",
    file: "src/spool/log/SpoolLog.ts",
    find: " || oldest.bytes === 0",
    replace: "",
    tests: ["spool/fullDisk"]
  },
  {
    name: "a frame in hand that leaves what was dropped in front of it to be counted again",
    file: "src/spool/log/TakenFrames.ts",
    find: "const [first] = this.frames\n",
    replace: "const [first] = this.frames\n    if (first !== undefined) return\n",
    tests: ["spool/fullDisk"]
  },
  {
    name: "a lock whose release ends the process with an error",
    file: "src/spool/log/SpoolLog.ts",
    find: "attempt(() => this.lock.release())",
    replace: "this.lock.release()",
    tests: ["spool/fullDisk"]
  },
  {
    name: "a drain that does not wait for a sink that worked",
    file: "src/lane/DrainPatience.ts",
    find: `isFailing ? "probing" : "patient"`,
    replace: `"probing"`,
    tests: ["test/Drain"]
  },
  {
    name: "a drain that spends all its time on one batch",
    file: "src/lane/DrainPatience.ts",
    find: "return othersWait ? partBeforeOthers : 1",
    replace: "return 1",
    tests: ["test/Drain"]
  },
  {
    name: "a drain that leaves a fallback no time",
    file: "src/lane/DrainPatience.ts",
    find: "if (this.hasFallback) return partBeforeFallback",
    replace: "",
    tests: ["test/Drain"]
  },
  {
    name: "a process of another namespace that is looked for in ours",
    file: "src/spool/owner/owner.ts",
    find: "return sameKernel && sameNamespace ? lifeOfProcess(owner) : \"unknown\"",
    replace: "return sameKernel ? lifeOfProcess(owner) : \"unknown\"",
    tests: ["spool/owner.test"]
  },
  {
    name: "an owner that nobody can see counts as dead",
    file: "src/spool/owner/OwnerLock.ts",
    find: "if (identity.lifeOf(current, directory) !== \"dead\") return {",
    replace: "if (identity.lifeOf(current, directory) === \"alive\") return {",
    tests: ["spool/OwnerLock", "spool/unseenOwners"]
  },
  {
    name: "an heir that does not look whether the lock is still that of the dead",
    file: "src/spool/owner/OwnerLock.ts",
    find: "if (ownerIn(files, path)?.token !== held.token) {",
    replace: "if (ownerIn(files, path) === undefined) {",
    tests: ["spool/OwnerLock"]
  },
  {
    name: "a sign of life that came while others were asked counts for nothing",
    file: "src/spool/owner/signs.ts",
    find: "    const answer = answers.get(path) ?? (isSocket(path) ? \"answers\" : \"unseen\")",
    replace: "    const answer = answers.get(path) ?? \"unseen\"",
    tests: ["spool/owner.test"]
  },
  {
    name: "a spool that is left without a word",
    file: "src/lane/openSpool.ts",
    find: "if (held.life === \"unknown\") diagnostics.report(name, heldText(held))",
    replace: "if (held.life === \"dead\") diagnostics.report(name, heldText(held))",
    tests: ["spool/unseenOwners"]
  },
  {
    name: "process hooks that are not there, without a word",
    file: "src/ProcessHooks.ts",
    find: "if (control === undefined) return yield* new ProcessHooksError()",
    replace: "if (control === undefined) return",
    tests: ["test/ProcessHooks"]
  },
  {
    name: "a lane that is offered records while it goes",
    file: "src/runtime/Lanes.ts",
    find: "this.inlets = attached.filter",
    replace: "this.inlets = members.filter",
    tests: ["runtime/comingAndGoing", "runtime/histories"]
  },
  {
    name: "a fallback that ends with the first lane that needs it",
    file: "src/runtime/Lanes.ts",
    find: "fallback === undefined || this.members.some((other) => other.fallback === fallback)",
    replace: "fallback === undefined",
    tests: ["runtime/comingAndGoing"]
  },
  {
    name: "a sink that is attached although shutdown has begun",
    file: "src/runtime/Arriving.ts",
    find: "      yield* this.demandOpen\n      lanes.add(",
    replace: "      lanes.add(",
    tests: ["runtime/comingAndGoing"]
  },
  {
    name: "a sink that is closed although it is somebody's fallback",
    file: "src/runtime/Acquired.ts",
    find: "isOthers ? Effect.void : close",
    replace: "close",
    tests: ["runtime/comingAndGoing"]
  },
  {
    name: "who waits for an abandoned lane, told before all of it is given up",
    file: "src/lane/LaneWorkers.ts",
    find: "    lastStep()\n",
    replace: "    this.end()\n    lastStep()\n",
    tests: ["runtime/comingAndGoing"]
  },
  {
    name: "a replaced sink whose answers count for the one in its place",
    file: "src/lane/LaneWorkers.ts",
    find: "sign === \"fails\" && sink.isCurrent",
    replace: "sign === \"fails\"",
    tests: ["runtime/replacing"]
  },
  {
    name: "a lane that is closed by the sink that it had before",
    file: "src/lane/LaneWorkers.ts",
    find: "answered._tag === \"Close\" && !sink.isCurrent",
    replace: "false",
    tests: ["runtime/replacing"]
  },
  {
    name: "a replaced sink that is closed while it is written",
    file: "src/lane/LaneSink.ts",
    find: "this.phase === \"former\" && this.running === 0",
    replace: "this.phase === \"former\"",
    tests: ["runtime/replacing"]
  },
  {
    name: "a retry that the sink before has put off",
    file: "src/lane/LaneState.ts",
    find: "    this.phase.rouse()\n",
    replace: "",
    tests: ["runtime/replacing"]
  },
  {
    name: "lanes that are started as they are made",
    file: "src/runtime/assemble.ts",
    find: "      for (const each of acquired) lanes.add(...(yield* maker.make(each, cameOf(each))))\n",
    replace: "      for (const each of acquired) {\n        const made = yield* maker.make(each, cameOf(each))\n" +
      "        for (const { lane } of made) if (\"start\" in lane) yield* lane.start\n        lanes.add(...made)\n      }\n",
    tests: ["runtime/assembly"]
  },
  {
    name: "a lane that works before its runtime is there",
    file: "src/lane/Lane.ts",
    find: "state, diagnostics, hooks)\n    return lane",
    replace: "state, diagnostics, hooks)\n    yield* lane.start\n    return lane",
    tests: ["lane/startUp", "runtime/assembly"]
  },
  {
    name: "a batch that is held back and never tried again while the sink is down",
    file: "src/lane/LaneSpool.ts",
    find: "this.heldBack = { ...this.heldBack, spoolBytes: Infinity }",
    replace: "this.heldBack = { ...this.heldBack }",
    tests: ["lane/fullDisk"]
  },
  {
    name: "a batch that is given up when the disk does not take it in an outage",
    file: "src/lane/LaneWorkers.ts",
    find: "this.shouldShelve(slot) && spill?.shelve(slot) === true",
    replace: "this.shouldShelve(slot) && (spill?.park(\"retries_exhausted\"), true)",
    tests: ["lane/fullDisk"]
  },
  {
    name: "a call that was cut off by a full stack and is counted twice",
    file: "src/capture/Capture.ts",
    find: `    const isWanted = fanout.offer(record, severity)
    this.calls.unsettled--
    if (isWanted) this.calls.accepted++`,
    replace: `    this.calls.accepted++
    const isWanted = fanout.offer(record, severity)
    this.calls.unsettled--
    if (isWanted) return`,
    tests: ["test/LogRecord"]
  },
  {
    name: "a lane that a full stack keeps a record from, without a word",
    file: "src/capture/Fanout.ts",
    find: `        wanted = true
        inlet.counters.missed++`,
    replace: "        wanted = true",
    tests: ["fullStack"]
  },
  {
    name: "a row that holds on no other runtime any more, and is not missed",
    file: "scratchpad/runtimes/table.ts",
    find: "cell === expected.found[i]",
    replace: `i > 0 || cell === "yes"`,
    tests: ["docs/runtimes"]
  },
  {
    name: "a listener for the errors of a stream that is gone before the error comes",
    file: "src/node/streamWrite.ts",
    find: `if (count === 0) stream.on("error", ignore)`,
    replace: "",
    tests: ["process/standardStreams"]
  },
  {
    name: "a piece of a pipe that is longer than what it takes whole",
    file: "src/node/wholeLines.ts",
    find: `process.platform === "linux" ? 4096 : 512`,
    replace: "65_536",
    tests: ["process/standardStreams"]
  },
  {
    name: "a line that a full disk has cut and that is begun anew",
    file: "src/node/Descriptor.ts",
    find: "if (from > 0 && line.torn && ",
    replace: "if (from < 0 && line.torn && ",
    tests: ["process/standardStreams"]
  },
  {
    name: "a stub of stdout that is waited for",
    file: "src/node/streamWrite.ts",
    find: "else if (!isNodes(stream)) setImmediate(() => answerFor(stream, answer))",
    replace: "",
    tests: ["sinks/ConsoleSink"]
  },
  {
    name: "a full pipe that is looked at after the write was left",
    file: "src/node/Descriptor.ts",
    find: "    this.over = true\n    this.cancel()\n",
    replace: "    this.over = true\n",
    tests: ["process/standardStreams"]
  },
  {
    name: "a lane that does not look again for dead neighbours",
    file: "src/lane/LaneSpool.ts",
    find: "    while (this.store.hasNeighbours) {",
    replace: "    if (this.store.hasNeighbours) {",
    tests: ["lane/neighbours"]
  },
  {
    name: "a secret of two letters at the end of a name that is passed over",
    file: "src/rules/redact/nameHints.ts",
    find: "return begins[(triple << bits) & mask] === 1",
    replace: "return false",
    tests: ["redact/nameHints"]
  },
  {
    name: "a letter that is an ASCII one in small, taken for none",
    file: "src/rules/redact/nameHints.ts",
    find: "if (name.charCodeAt(i) > 0x7f) return true",
    replace: "if (name.charCodeAt(i) > 0xffff) return true",
    tests: ["redact/nameHints"]
  },
  {
    name: "a field that is taken for the one that came first",
    file: "src/capture/MessageShapes.ts",
    find: ".set(field.key, field)",
    replace: ".set(field.key, before)",
    tests: ["capture/packed"]
  },
  {
    name: "an id of a peer that is not well-formed and is written as another one",
    file: "src/encode/LineEnd.ts",
    find: "traceId?.isWellFormed() !== false && ",
    replace: "",
    tests: ["encode/lineEnd"]
  },
  {
    name: "the end of a line with the id of the trace where that of the span belongs",
    file: "src/encode/LineEnd.ts",
    find: "if (before.traceId !== undefined && traceId !== undefined) values[count++] = traceId",
    replace: "if (traceId !== undefined) values[count++] = traceId",
    tests: ["encode/lineEnd"]
  },
  {
    name: "a name twice in an object, because it looks like what stands for the rest",
    file: "src/capture/MessageShapes.ts",
    find: " || key === moreKeys",
    replace: "",
    tests: ["capture/packed"]
  },
  {
    name: "a message of a kind of its own without commas",
    file: "src/encode/appendPacked.ts",
    find: "if (!isFirst) buffer.appendByte(comma)",
    replace: "",
    tests: ["capture/packed"]
  },
  {
    name: "a text that is cut and is written with a quote where it was",
    file: "src/encode/bytes/LineBuffer.ts",
    find: "    this.size--\n",
    replace: "",
    tests: ["capture/packed"]
  },
  {
    name: "a text that is cut and is shown as an object",
    file: "src/record/PackedMessage.ts",
    find: " || u instanceof CutText ? u.toWellFormed() : u",
    replace: " ? u.toWellFormed() : u",
    tests: ["capture/packed"]
  },
  {
    name: "a long text with a quote that is written as it is",
    file: "src/encode/bytes/oddBytes.ts",
    find: "const ordinary = (word + aboveControls) & ((word ^ quotes) + lowBits)",
    replace: "const ordinary = (word + aboveControls)",
    tests: ["encode/plainText"]
  },
  {
    name: "a request that was spread into a plain object",
    file: "src/capture/KnownKeys.ts",
    find: " || key === emitterField",
    replace: "",
    tests: ["capture/platformValues"]
  },
  {
    name: "streams and sockets that are walked",
    file: "src/capture/prototypes.ts",
    find: "  [\"on\", \"emit\"],\n",
    replace: "",
    tests: ["capture/platformValues"]
  },
  {
    name: "a URL of a request with its secrets",
    file: "src/capture/httpValues.ts",
    find: "  walk.url(urlOf(u, walk))",
    replace: "  urlOf(u, walk)",
    tests: ["capture/platformValues"]
  },
  {
    name: "headers that are no headers when a library made them",
    file: "src/capture/webValues.ts",
    find: "  [\"Headers\", pairs],\n",
    replace: "",
    tests: ["capture/webValues"]
  },
  {
    name: "a container of Effect that is asked for its JSON",
    file: "src/capture/effectValues.ts",
    find: "cell(\"MutableRef\", \"current\")",
    replace: "json",
    tests: ["capture/containers"]
  },
  {
    name: "a sign of life that has its name before it answers",
    file: "src/spool/owner/signs.ts",
    find: "const unnamed = unnamedSignName(token)",
    replace: "const unnamed = signName(token)",
    tests: ["spool/owner.test"]
  },
  {
    name: "a spooled record whose age is what the wall clock says",
    file: "src/lane/RecordAges.ts",
    find: "this.ageAt(now, time, recovered) > millis",
    replace: "this.wall - time > millis",
    tests: ["lane/clock"]
  },
  {
    name: "a clock that is set and begins no new era",
    file: "src/lane/RecordAges.ts",
    find: "Math.abs(last.ahead - ahead) <= drift",
    replace: "true",
    tests: ["lane/clock"]
  },
  {
    name: "a record of an earlier process that ages with the wall clock",
    file: "src/lane/RecordAges.ts",
    find: "if (recovered && time <= this.beginWall) return",
    replace: "if (recovered) return this.wall - time\n    if (recovered && time <= this.beginWall) return",
    tests: ["lane/clock"]
  },
  {
    name: "a log span that lasts less than nothing",
    file: "src/record/LogSpans.ts",
    find: "Math.max(0, this.millis[index]! + time - this.at)",
    replace: "this.millis[index]! + time - this.at",
    tests: ["lane/clock"]
  },
  {
    name: "records that wait and keep the large texts theirs were cut from",
    file: "src/lane/OwnTexts.ts",
    find: `[text.slice(0, longestCopied), text.slice(longestCopied)].join("")`,
    replace: "text",
    tests: ["lane/memory"]
  },
  {
    name: "a worker that holds large texts for as long as it cannot write",
    file: "src/lane/Unswept.ts",
    find: "if (slot.unswept > 0) yield slot.sweep()",
    replace: "",
    tests: ["lane/memory"]
  },
  {
    name: "a batch of which only the first part goes on disk",
    file: "src/lane/LaneSpool.ts",
    find: "return this.append(slot.parts, slot.maybeSent, () => {",
    replace: "return this.append(slot.batch, slot.maybeSent, () => {",
    tests: ["lane/fullDisk"]
  },
  {
    name: "records that are looked at again for as long as they wait",
    file: "src/lane/Unswept.ts",
    find: "const inQueue = queue.entered - Math.max(this.sweptUpTo, queue.taken)",
    replace: "const inQueue = queue.size",
    tests: ["lane/memory"]
  },
  {
    name: "a signal that hurries the shutdown it begins",
    file: "src/node/processEvents.ts",
    find: `process[how === "on" ? "prependListener" : "off"](name, onSignal)`,
    replace: "process[how](name, onSignal)",
    tests: ["process/signals"]
  },
  {
    name: "signals that count before a shutdown runs",
    file: "src/ProcessHooks.ts",
    find: "if (!control.isEnding) control.noteSignal(signal.name)",
    replace: "if (hurried > 2) control.noteSignal(signal.name)",
    tests: ["process/signals"]
  },
  {
    name: "a first process of a container that outlives its signal",
    file: "src/node/processEvents.ts",
    find: "  if (left === 0) exit()\n",
    replace: "",
    tests: ["process/signals"]
  },
  {
    name: "a closed terminal that only has files opened anew",
    file: "src/node/processEvents.ts",
    find: "hangupEnds = hasTerminal()",
    replace: "hangupEnds = false",
    tests: ["process/signals"]
  },
  {
    name: "a directory without a lock that is free, whoever answers in it",
    file: "src/spool/owner/OwnerLock.ts",
    find: "if (known === nobody && identity.isLivedIn(directory)) {",
    replace: "if (known === nobody && identity.isLivedIn(\"\")) {",
    tests: ["spool/owners"]
  },
  {
    name: "a spool whose folder is that of wherever the program is",
    file: "src/spool/openStore.ts",
    find: "Effect.succeed({ ...options, directory })",
    replace: "Effect.succeed(options)",
    tests: ["process/folders"]
  },
  {
    name: "a file whose folder is that of wherever the program is",
    file: "src/sinks/file/AppendFile.ts",
    find: "this.path = absolutePath(path)",
    replace: "this.path = path",
    tests: ["process/folders", "sinks/FileSink"]
  },
  {
    name: "a Ctrl-C that npm passes on counts twice",
    file: "src/node/processEvents.ts",
    find: "if (now - pressedAt < samePressMillis) return",
    replace: "",
    tests: ["process/signals"]
  },
  {
    name: "an error that ends a process with a file that hangs, unsaid",
    file: "src/node/heldCalls.ts",
    find: "  if (!isUncaughtHandled()) uncaught = { error }\n",
    replace: "",
    tests: ["process/oddFiles"]
  },
  {
    name: "a process that waits for a thread that hangs where it may not be replaced",
    file: "src/node/heldCalls.ts",
    find: "    process.kill(process.pid, \"SIGKILL\")\n",
    replace: "",
    tests: ["process/oddFiles"]
  },
  {
    name: "dead letters that keep the credentials of a URL that failed",
    file: "src/lane/GivenUp.ts",
    find: "shortened(withoutCredentials(lastError), longestError)",
    replace: "shortened(lastError, longestError)",
    tests: ["leaks"]
  },
  {
    name: "half a line that is cut off a file to which others append",
    file: "src/sinks/file/AppendFile.ts",
    find: "if (ours.size > most) this.noteOthers(opened)",
    replace: "if (ours.size > most) opened.kind = \"unknown\"",
    tests: ["sinks/FileSink"]
  },
  {
    name: "stdout and stderr that tear each other's lines on one pipe",
    file: "src/node/Descriptor.ts",
    find: "  if (key !== undefined) lastLines.set(key, line)\n",
    replace: "",
    tests: ["node/Descriptor"]
  },
  {
    name: "a body that a client was asked to send, in its error",
    file: "src/capture/captureError.ts",
    find: "walk.isInsideError = true",
    replace: "",
    tests: ["capture/namedValues", "test/leaks"]
  },
  {
    name: "a secret whose name stands beside it",
    file: "src/capture/namedValues.ts",
    find: "return valueNamed(source, value, walk)",
    replace: "return value",
    tests: ["capture/namedValues"]
  },
  {
    name: "credentials whose end is cut off",
    file: "src/capture/Texts.ts",
    find: "return `${text.slice(0, most)}@`",
    replace: "return text.slice(0, most)",
    tests: ["capture/walkWork"]
  },
  {
    name: "a password in a connection string that an error quotes",
    file: "src/rules/redact/redactText.ts",
    find: "text.includes(\"=\")",
    replace: "text.includes(\"==\")",
    tests: ["rules/redact/redactText"]
  },
  {
    name: "running text whose URLs are looked at only where there is a setting",
    file: "src/rules/redact/redactText.ts",
    find: "hasSettings || text.includes(\"@\")",
    replace: "hasSettings",
    tests: ["rules/redact/redactText"]
  },
  {
    name: "control characters that stay as they are",
    file: "src/encode/escapes.ts",
    find: "control.test(text) ? text.replaceAll",
    replace: "text === \"\" ? text.replaceAll",
    tests: ["test/LogEncoder"]
  },
  {
    name: "a failure that is in the log and on stderr as well",
    file: "src/runtime/failureLogged.ts",
    find: "taken = cause.reasons",
    replace: "taken = []",
    tests: ["process/starting"]
  },
  {
    name: "a log that cannot be built and says nothing",
    file: "src/runtime/failureLogged.ts",
    find: "      Effect.onError(say),\n",
    replace: "",
    tests: ["process/starting"]
  },
  {
    name: "a last word that is text in a log of JSON",
    file: "src/runtime/failureLogged.ts",
    find: "makeDiagnostics(voice.manner,",
    replace: "makeDiagnostics(undefined,",
    tests: ["process/starting"]
  },
  {
    name: "a failure that runMain reports too",
    file: "src/Logging.ts",
    find: "    run(failureLogged(program, layer, accepted), { disableErrorReporting: true })",
    replace: "    run(failureLogged(program, layer, accepted), { disableErrorReporting: false as true })",
    tests: ["process/starting"]
  },
  {
    name: "a failure that is counted as logged by a log that was shut down",
    file: "src/runtime/failureLogged.ts",
    find: "if ((yield* accepted) > before) taken",
    replace: "if ((yield* accepted) >= before) taken",
    tests: ["process/starting"]
  },
  {
    name: "sinks that see the stores of the request that built the runtime",
    file: "src/node/outside.ts",
    find: "AsyncLocalStorage.snapshot()",
    replace: "(run) => run()",
    tests: ["runtime/request"]
  },
  {
    name: "sinks that are acquired in the span of the request that built the runtime",
    file: "src/node/outside.ts",
    find: "Effect.runForkWith(withoutRequest(context))",
    replace: "Effect.runForkWith(context)",
    tests: ["runtime/request"]
  },
  {
    name: "writes that see the services of the request that built the runtime",
    file: "src/diagnostics/Diagnostics.ts",
    find: "programOf(context).pipe(",
    replace: "context.pipe(",
    tests: ["runtime/request"]
  },
  {
    name: "listeners of signals that keep a request in memory",
    file: "src/node/processEvents.ts",
    find: "outside(() => change(\"on\"))",
    replace: "change(\"on\")",
    tests: ["process/requests"]
  },
  {
    name: "an assembly that is left behind when its caller is interrupted",
    file: "src/node/outside.ts",
    find: "Effect.onInterrupt(restore(Fiber.join(fiber)), () => Fiber.interrupt(fiber))",
    replace: "restore(Fiber.join(fiber))",
    tests: ["runtime/request"]
  },
  {
    name: "a sink that keeps what it acquired before it failed",
    file: "src/runtime/acquireSinks.ts",
    find: "diagnostics.around(Scope.close(own, Exit.failCause(cause)))",
    replace: "diagnostics.around(Effect.void)",
    tests: ["Drain"]
  },
  {
    name: "a default that is not the documented one",
    file: "src/contract/laneDefaults.ts",
    find: "batchWindow: \"1 second\",\n  concurrency",
    replace: "batchWindow: \"2 seconds\",\n  concurrency",
    tests: ["docs/options"]
  },
  {
    name: "an offer to a queue that was ended is called full",
    file: "src/lane/LaneQueue.ts",
    find: "return this.queue.state._tag === \"Open\" ? \"queue_full\" : \"closed\"",
    replace: "return \"queue_full\"",
    tests: ["lane/LaneQueue"]
  },
  {
    name: "a record that is in the queue and counted as lost where the stack is full",
    file: "src/lane/LaneQueue.ts",
    find: "if (!Queue.offerUnsafe(this.queue, record)) return false\n    } catch (error) {",
    replace: "if (!Queue.offerUnsafe(this.queue, record)) return false\n    } catch (error) {\n      throw error",
    tests: ["lane/LaneQueue"]
  },
  {
    name: "a batch that leaves the queue before a worker has it",
    file: "src/lane/LaneWorkers.ts",
    find: "          state.take(slot)\n",
    replace:
      "          const batch = state.queue.takeBatch(state.options.maxBatchSize, Infinity)\n          yield* Effect.yieldNow\n          slot.holdQueued(batch, 0)\n          state.counters.move(\"queued\", \"inFlight\", batch.length)\n",
    tests: ["test/model", "lane/supervision"]
  },
  {
    name: "a batch that a lane writes by half a second time",
    file: "src/lane/answers.ts",
    find: "const again = batch.filter((_, i) => i >= stored && isOpen(i))",
    replace: "const again = stored < 0 ? [] : batch.filter((_, i) => isOpen(i))",
    tests: ["lane/retry"]
  },
  {
    name: "a write that died and does not say that its batch may have arrived",
    file: "src/lane/answers.ts",
    find: "move._tag === \"Sort\" && move.maybeStored",
    replace: "false",
    tests: ["test/model", "lane/retry", "lane/supervision"]
  },
  {
    name: "a restart that does not say why",
    file: "src/lane/LaneWorkers.ts",
    find: "started again with the batch it held: ${why}`",
    replace: "started again with the batch it held`",
    tests: ["lane/supervision"]
  },
  {
    name: "a record that no lane is there for, accepted before it is one",
    file: "src/capture/Fanout.ts",
    find: "    if (!isWanted) return false\n",
    replace: "",
    tests: ["capture/filtered"]
  },
  {
    name: "a text that a filter has not been asked for, accepted in the shortest way",
    file: "src/capture/Fanout.ts",
    find: "lanes.some(({ filter }) => filter !== undefined) ? aboveAll : lowest",
    replace: "lowest",
    tests: ["capture/filtered"]
  },
  {
    name: "a record of an unknown level that is refused by lanes that are not full",
    file: "src/capture/Fanout.ts",
    find: "      if (severity < minimums[i]!) continue\n      if (filters[i] !== undefined ||",
    replace: "      if (!(severity >= minimums[i]!)) continue\n      if (filters[i] !== undefined ||",
    tests: ["capture/filtered"]
  },
  {
    name: "an error that quotes what it could not read, as a cause",
    file: "src/diagnostics/describe.ts",
    find: "quoting.has(cause.name) ? cause.name : ",
    replace: "",
    tests: ["lane/causes"]
  },
  {
    name: "an error of the configuration that names no variable",
    file: "src/diagnostics/describe.ts",
    find: "value instanceof Config.ConfigError ? errorOfConfig(value) : undefined",
    replace: "undefined",
    tests: ["lane/causes"]
  },
  {
    name: "a default of a variable that is not the one of the code",
    file: "src/config/variables.ts",
    find: "524288, over HTTP up to 4194304, console and file 33554432",
    replace: "524288, over HTTP up to 4194304, console and file 4194304",
    tests: ["LoggingConfig"]
  },
  {
    name: "a dead letter without what caused its error",
    file: "src/lane/Settlement.ts",
    find: "error === undefined ? undefined : withCauses(error.message, error)",
    replace: "error?.message",
    tests: ["lane/causes"]
  },
  {
    name: "a noun that does not agree with its count",
    file: "src/lane/GivenUp.ts",
    find: "${plural(left.length, \"record\")}",
    replace: "records",
    tests: ["docs/grammar"]
  },
  {
    name: "a line of JSON that shows credentials",
    file: "src/diagnostics/lines.ts",
    find: "message: linesOf(message).join(\"\\n\")",
    replace: "message",
    tests: ["diagnostics/lines"]
  },
  {
    name: "a line of JSON that a reader takes for two",
    file: "src/diagnostics/lines.ts",
    find: "`${escapeJson(json)}\\n`",
    replace: "`${json.replaceAll(\"\\\\n\", \"\\n\")}\\n`",
    tests: ["diagnostics/lines"]
  },
  {
    name: "a report at the end of the process that is text in a log of JSON",
    file: "src/runtime/RuntimeControl.ts",
    find: "diagnostics.announceReport(report)",
    replace: "diagnostics.announce(Ledger.format(report))",
    tests: ["process/jsonOnly"]
  },
  {
    name: "an option that nobody knows is passed over",
    file: "src/options/checkOptions.ts",
    find: "value !== undefined && !known.has(key)",
    replace: "false",
    tests: ["options/"]
  },
  {
    name: "a report that is not checked before it is rendered",
    file: "src/Ledger.ts",
    find: `checkArgument("Ledger.format", "report", aReport, report)`,
    replace: "",
    tests: ["options/everyArgument"]
  },
  {
    name: "steps of a script that are not checked",
    file: "src/testing/ScriptedSink.ts",
    find: `checkArgument("ScriptedSink.push", "steps", Check.listOf(aStep), more)`,
    replace: "",
    tests: ["options/"]
  },
  {
    name: "a spool with room for less than two segments is let through",
    file: "src/contract/spoolChecks.ts",
    find: "maxBytes >= 2 * segmentBytes",
    replace: "maxBytes >= segmentBytes",
    tests: ["options/laneChecks"]
  },
  {
    name: "what a write returns that is no Effect, without a sentence",
    file: "src/lane/LaneWorkers.ts",
    find: "effectFrom(\"write\", current.sink.write(slot.batch, acknowledge))",
    replace: "current.sink.write(slot.batch, acknowledge)",
    tests: ["options/mistakes"]
  },
  {
    name: "an Effect of no sink, as a sink",
    file: "src/runtime/acquireSinks.ts",
    find: "(\"an Effect of a sink\", LogSink.isLogSink,",
    replace: "(\"an Effect of a sink\", () => true,",
    tests: ["options/mistakes"]
  },
  {
    name: "limits that are not checked",
    file: "src/runtime/optionChecks.ts",
    find: "limits: optionsOf(limitChecks)",
    replace: "limits: Check.anything",
    tests: ["options/"]
  },
  {
    name: "a fallback may have a fallback",
    file: "src/contract/laneChecks.ts",
    find: "isLogSink(value) && value.options.fallback === undefined",
    replace: "isLogSink(value)",
    tests: ["options/laneChecks"]
  },
  {
    name: "one layer that is built twice, taken for two calls",
    file: "src/runtime/neighbours.ts",
    find: "runtime.call !== other.call && ",
    replace: "",
    tests: ["runtime/neighbours"]
  },
  {
    name: "a runtime that still ends, taken for one that lives",
    file: "src/runtime/neighbours.ts",
    find: " || other.control.isEnding) continue\n",
    replace: ") continue\n",
    tests: ["runtime/neighbours"]
  },
  {
    name: "a loss with the remedy of another reason",
    file: "src/diagnostics/remedies.ts",
    find: "counts[reason] > counts[most] ? reason : most",
    replace: "most",
    tests: ["runtime/Drain"]
  },
  {
    name: "what died, said to be tried again like any other",
    file: "src/lane/sequels.ts",
    find: "if (outcome._tag === \"Died\") return \"tried again: mend the sink\"\n",
    replace: "",
    tests: ["lane/causes"]
  },
  {
    name: "a module in place of a sink, called an object",
    file: "src/options/check.ts",
    find: "Predicate.hasProperty(value, name) && typeof value[name] === \"function\"",
    replace: "false",
    tests: ["options/mistakes"]
  },
  {
    name: "bad levels of other sinks, told when all else is mended",
    file: "src/config/withLevelProblems.ts",
    find: "[...error.problems, ...levels]",
    replace: "error.problems",
    tests: ["runtime/withEnvironment"]
  },
  {
    name: "a bad environment, told as text in a log of JSON",
    file: "src/runtime/withEnvironment.ts",
    find: "leaveManner(manner ?? diagnostics)",
    replace: "leaveManner(\"text\")",
    tests: ["process/starting"]
  },
  {
    name: "a level of a sink that is not there, without a word",
    file: "src/runtime/withEnvironment.ts",
    find: "levelsWithoutSink(listed, names), ",
    replace: "",
    tests: ["runtime/withEnvironment"]
  },
  {
    name: "wrong arguments of the command line that look like a damaged spool",
    file: "src/cli/main.ts",
    find: "isUsageError(error) ? new UsageError() : error",
    replace: "error",
    tests: ["cli/"]
  },
  {
    name: "a file under two paths, taken for two files",
    file: "src/sinks/file/FileEnd.ts",
    find: "      opened.identity = `${status.dev}:${status.ino}`\n",
    replace: "",
    tests: ["runtime/neighbours"]
  },
  {
    name: "a runtime that was used, told that it was not",
    file: "src/runtime/unheard.ts",
    find: "        if (capture.books().offered > 0) return\n",
    replace: "",
    tests: ["docs/composition"]
  },
  {
    name: "what a layer beside the runtime has logged before it, unseen",
    file: "src/runtime/unheard.ts",
    find: "loggedIn.has(memoMap)",
    replace: "false",
    tests: ["docs/composition"]
  },
  {
    name: "what was logged before the runtime outside of its layers, taken for theirs",
    file: "src/runtime/unheard.ts",
    find: "wasUsed() || (memoMap !== undefined && loggedIn.has(memoMap))",
    replace: "true",
    tests: ["docs/composition"]
  },
  {
    name: "a logger of ours that another runtime keeps",
    file: "src/runtime/unheard.ts",
    find: "!watches.has(logger)",
    replace: "logger !== undefined",
    tests: ["docs/composition"]
  },
  {
    name: "a logger of ours that is left among Effect's own",
    file: "src/runtime/unheard.ts",
    find: "  return () => {\n    loggers.delete(watch)\n",
    replace: "  return () => {\n",
    tests: ["docs/composition"]
  },
  {
    name: "a level of one sink that the level of the program holds back",
    file: "src/runtime/startLevels.ts",
    find: "lowestOf([level, ...Object.values(lanes)])",
    replace: "level",
    tests: ["runtime/withEnvironment"]
  },
  {
    name: "a sink that gets the level of another one from the environment",
    file: "src/capture/Levelled.ts",
    find: "set[i] ?? Math.max(all, inlet.minimum)",
    replace: "set[i] ?? inlet.minimum",
    tests: ["runtime/withEnvironment"]
  },
  {
    name: "a level of a region that gives way to ours",
    file: "src/capture/Capture.ts",
    find: "if (!rules.governs(fiber)) return rules.fanout\n",
    replace: "\n",
    tests: ["runtime/levels"]
  },
  {
    name: "levels that only the next change of lanes makes count",
    file: "src/capture/Capture.ts",
    find: "place.value === rules.seen ? rules : this.relevel()",
    replace: "rules.seen === undefined ? this.relevel() : rules",
    tests: ["runtime/levels"]
  },
  {
    name: "a scope that goes by its shortest name",
    file: "src/options/levels.ts",
    find: "end = name.lastIndexOf(\".\", end - 1)",
    replace: "end = name.indexOf(\".\") === end ? 0 : name.indexOf(\".\")",
    tests: ["LogLevels"]
  },
  {
    name: "a level for a time that ends all",
    file: "src/runtime/setting.ts",
    find: "levels.temporary.filter((_, i) => (left[i] ?? Infinity) > 0)",
    replace: "levels.temporary.filter(() => left.every((each) => each > 0))",
    tests: ["runtime/levels"]
  },
  {
    name: "other loggers that are told what levels refuse",
    file: "src/capture/spanEvents.ts",
    find: "letsThrough(call) ? logger.log(call) : undefined",
    replace: "logger.log(call)",
    tests: ["runtime/levels"]
  },
  {
    name: "an event of a span for what levels refuse",
    file: "src/capture/Capture.ts",
    find: "      if (record === undefined && !this.letsThrough(options)) return\n",
    replace: "",
    tests: ["runtime/levels"]
  },
  {
    name: "a value that is no levels left in the place of them",
    file: "src/runtime/RuntimeLevels.ts",
    find: " || live.refuses(seen)",
    replace: "",
    tests: ["runtime/levels"]
  },
  {
    name: "SIGUSR2 heard for a runtime that has ended",
    file: "src/node/processEvents.ts",
    find: "else if (!isAsked && hears)",
    replace: "else if (!isAsked && !hears)",
    tests: ["process/levels"]
  },
  {
    name: "levels that are refused because the stack was full",
    file: "src/capture/LiveLevels.ts",
    find: "    demandStack()\n",
    replace: "",
    tests: ["runtime/levels"]
  },
  {
    name: "names of scopes that are remembered without end",
    file: "src/capture/Levelled.ts",
    find: "if (byScope.size >= rememberedScopes) byScope.clear()",
    replace: "",
    tests: ["capture/levelled"]
  },
  {
    name: "a path of the environment that two file sinks share",
    file: "src/config/SinkVariables.ts",
    find: "this.moved === path ? file : path",
    replace: "file",
    tests: ["runtime/withEnvironment"]
  },
  {
    name: "sinks that stay open when the level of one of them is bad",
    file: "src/runtime/acquireSinks.ts",
    find: "Effect.forEach(opened, ({ scope }) => Scope.close(scope, Exit.failCause(cause)), { discard: true })",
    replace: "Effect.void",
    tests: ["runtime/withEnvironment"]
  },
  {
    name: "a duration of the environment in seconds when it has no unit",
    file: "src/config/parse.ts",
    find: "Duration.millis(Number(trimmed))",
    replace: "Duration.seconds(Number(trimmed))",
    tests: ["LoggingConfig"]
  },
  {
    name: "a variable in another case that is taken for a known one",
    file: "src/config/listNames.ts",
    find: "if (yield* isSet(asked)) names.add(asked)",
    replace: "if (yield* isSet(name)) names.add(asked)",
    tests: ["config/listNames"]
  },
  {
    name: "a fallback that gets what the environment says of a sink",
    file: "src/contract/changedSource.ts",
    find: "withoutOverrides(fallback)",
    replace: "fallback",
    tests: ["runtime/withEnvironment"]
  },
  {
    name: "records that are to be tried again count as stored",
    file: "src/lane/answers.ts",
    find: "tried.has(i) && !said.has(i) && isOpen(i)",
    replace: "tried.has(i) && said.has(i) && isOpen(i)",
    tests: ["lane/answers", "lane/settling"]
  },
  {
    name: "what is acknowledged while it is written is sent again",
    file: "src/lane/LaneWorkers.ts",
    find: "acknowledged: receipt?.acknowledged, short",
    replace: "acknowledged: receipt && undefined, short",
    tests: ["lane/settling"]
  },
  {
    name: "a batch refused by count is sent again",
    file: "src/lane/answers.ts",
    find: "  if (count !== undefined) {",
    replace: "  if (count === -1) {",
    tests: ["lane/answers", "lane/settling"]
  },
  {
    name: "a flush that waits for records that came after it, behind a gap in a batch",
    file: "src/lane/WorkerSlot.ts",
    find: "this.firstPosition = positions[0]!",
    replace: "void 0",
    tests: ["lane/settling"]
  },
  {
    name: "a batch of which nobody knows what was refused goes to the fallback",
    file: "src/lane/Settlement.ts",
    find: "this.givenUp.copy(this.large.asLogged(batch), refused, giving)",
    replace: "this.givenUp.take(this.large.asLogged(batch), giving)",
    tests: ["lane/settling"]
  },
  {
    name: "a record that is larger than its sink takes costs a request",
    file: "src/lane/LaneWorkers.ts",
    find: "    return settlement.fit(slot)\n",
    replace: "    return true\n",
    tests: ["lane/settling"]
  },
  {
    name: "the dead letter of a record that was shortened is the short one",
    file: "src/lane/LargeRecords.ts",
    find: "records.map((record) => originals.get(record) ?? record)",
    replace: "records",
    tests: ["lane/settling"]
  },
  {
    name: "the head of a batch that is settled is read again from disk",
    file: "src/spool/log/TakenFrames.ts",
    find: "this.settled.openFrom(Math.max(place.position, this.frontier.position))",
    replace: "place.position",
    tests: ["test/model"]
  },
  {
    name: "a spool that gives back no more than the pace of its sink, however much comes",
    file: "src/lane/Spill.ts",
    find: "return Math.min(maxBatchSize, Math.max(fullSize, 2 * came))",
    replace: "return fullSize",
    tests: ["lane/spool"]
  },
  {
    name: "an annotation that cannot be read any more takes its record with it",
    file: "src/capture/SeenContexts.ts",
    find: "  } catch {\n    return false\n  }\n  return count === keys.length\n",
    replace: "  } finally {\n    count += 0\n  }\n  return count === keys.length\n",
    tests: ["capture/fiberOrigins"]
  },
  {
    name: "an id of a span with half a pair of surrogates",
    file: "src/capture/FiberOrigins.ts",
    find: "isSmall(id) ? id.toWellFormed() : shortened(id, longestId)",
    replace: "isSmall(id) ? id : shortened(id, longestId)",
    tests: ["capture/fiberOrigins"]
  },
  {
    name: "a wide value that is shown whole by a format of pino",
    file: "src/bridges/pino/looks.ts",
    find: "if (++fields > most || text > mostText) return",
    replace: "if (text > mostText) return",
    tests: ["bridges/pino/looks"]
  },
  {
    name: "long texts that are shown whole by a format of pino",
    file: "src/bridges/pino/looks.ts",
    find: "if (++fields > most || text > mostText) return",
    replace: "if (++fields > most) return",
    tests: ["bridges/pino/looks"]
  },
  {
    name: "a letter of which nobody knows what was refused is sent again",
    file: "src/runtime/resendLetters.ts",
    find: "if (letter.partial !== undefined) this.putLast(letter)",
    replace: "if (letter.partial === -1) this.putLast(letter)",
    tests: ["lane/replay"]
  },
  {
    name: "what was acknowledged while it was written is left on disk at the end",
    file: "src/lane/Spill.ts",
    find: "      if (!settlement.acknowledge(slot)) continue\n",
    replace: "",
    tests: ["test/model"]
  },
  {
    name: "what a write said of an earlier batch is said of the next",
    file: "src/lane/Settlement.ts",
    find: "    slot.receipt = undefined\n",
    replace: "",
    tests: ["lane/settling"]
  },
  {
    name: "what may have been stored by a synchronous write is called lost",
    file: "src/lane/writeLeft.ts",
    find: "maybeSent || isMaybeStored(move)",
    replace: "maybeSent",
    tests: ["lane/settling"]
  },
  {
    name: "what a worker was writing cannot have arrived once it is written synchronously",
    file: "src/lane/writeLeft.ts",
    find: "maybeSent || isMaybeStored(move)",
    replace: "isMaybeStored(move)",
    tests: ["lane/settling"]
  },
  {
    name: "a letter of a synchronous write does not count it",
    file: "src/lane/writeLeft.ts",
    find: "    slot.attempts++\n",
    replace: "",
    tests: ["lane/settling"]
  },
  {
    name: "a record that is refused is tried again when it is in both lists",
    file: "src/lane/answers.ts",
    find: "tried.has(i) && !said.has(i) && isOpen(i)",
    replace: "tried.has(i) && isOpen(i)",
    tests: ["lane/answers"]
  },
  {
    name: "a record that was acknowledged is given up when it is refused",
    file: "src/lane/answers.ts",
    find: "said.has(i) && isOpen(i) ? [{ record, message",
    replace: "said.has(i) ? [{ record, message",
    tests: ["lane/answers"]
  },
  {
    name: "a count that takes in what was acknowledged",
    file: "src/lane/answers.ts",
    find: "peerCount(count, open.length)",
    replace: "peerCount(count, batch.length)",
    tests: ["lane/answers"]
  },
  {
    name: "what is tried again and may have been stored is called lost",
    file: "src/lane/answers.ts",
    find: "sorted(refused, again, reason.ambiguous === true)",
    replace: "sorted(refused, again, false)",
    tests: ["lane/settling"]
  },
  {
    name: "a head that is settled and that nobody tells the disk of",
    file: "src/lane/Settlement.ts",
    find: "this.spool?.settleSome(spooled, slot.tellSettled())",
    replace: "void 0",
    tests: ["lane/settling"]
  },
  {
    name: "a head that takes in what is settled behind a gap",
    file: "src/lane/WorkerSlot.ts",
    find: "else settled.push(place)",
    replace: "else settled.push(settled.length)",
    tests: ["lane/settling"]
  },
  {
    name: "a record that is too large though it was shortened is sent",
    file: "src/lane/LargeRecords.ts",
    find: "if (short === record || !fits(short, limit))",
    replace: "if (short === record)",
    tests: ["lane/settling"]
  },
  {
    name: "two runtimes that have one id",
    file: "src/capture/FiberOrigins.ts",
    find: "runtimeId = randomId()",
    replace: "runtimeId = \"0123456789abcdef\"",
    tests: ["runtime/restarts"]
  },
  {
    name: "a suite that lets a sink try again by itself",
    file: "src/testing/conformance/answering.ts",
    find: "if (tries > 1)",
    replace: "if (tries > 2)",
    tests: ["testing/conformance.test"]
  },
  {
    name: "a suite that follows no redirect to see whether it was followed",
    file: "src/testing/conformance/faults.ts",
    find: "if (times > 0)",
    replace: "if (times > 1)",
    tests: ["testing/conformance.test"]
  },
  {
    name: "a suite that takes an open answer for one that is over",
    file: "src/testing/conformance/faults.ts",
    find: "Option.isNone(taken)",
    replace: "Option.isNone(taken) && taken.valueOf() === 0",
    tests: ["testing/conformance.test"]
  },
  {
    name: "a suite that does not ask whether what is acknowledged is stored",
    file: "src/testing/conformance/Trial.ts",
    find: "!stored.has(id)",
    replace: "stored.size < 0",
    tests: ["testing/conformance.test"]
  },
  {
    name: "a suite that does not look for records in errors",
    file: "src/testing/conformance/Trial.ts",
    find: "[payload, ...this.options.secrets ?? []]",
    replace: "[...this.options.secrets ?? []]",
    tests: ["testing/conformance.test"]
  },
  {
    name: "a suite that knows a record sent twice by its identity only",
    file: "src/testing/conformance/throughLane.ts",
    find: "if (size !== batch.length)",
    replace: "if (size < batch.length)",
    tests: ["testing/conformance.test"]
  },
  {
    name: "a suite that lets a close take its time",
    file: "src/testing/conformance/closing.ts",
    find: "if (fastest > mostMillis) {",
    replace: "if (fastest > mostMillis * 100) {",
    tests: ["testing/conformance.test"]
  },
  {
    name: "a suite that does not wait for what a sink has put off",
    file: "src/testing/conformance/closing.ts",
    find: "yield* Effect.sleep(stillness)",
    replace: "yield* Effect.void",
    tests: ["testing/conformance.test"]
  },
  {
    name: "a suite that does not hear the console",
    file: "src/node/onPrint.ts",
    find: "...methods.map(",
    replace: "...methods.slice(0, 0).map(",
    tests: ["testing/conformance.test"]
  },
  {
    name: "a suite that lets a sink wait for what is no time",
    file: "src/testing/conformance/nonsense.ts",
    find: "wait === undefined || Duration.toMillis(wait) <= 0",
    replace: "wait === undefined || Duration.toMillis(wait) <= 300_000",
    tests: ["testing/conformance.test"]
  },
  {
    name: "a suite that says nothing of a time beyond all others",
    file: "src/testing/conformance/nonsense.ts",
    find: "[...noTimes, tooLong]",
    replace: "noTimes",
    tests: ["testing/conformance.test"]
  },
  {
    name: "a file system that is read-only counted as one that is full",
    file: "src/sinks/file/fileErrors.ts",
    find: "\"EROFS\", ",
    replace: "",
    tests: ["testing/conformanceOfSinks"]
  },
  {
    name: "a warning told as if records were given up",
    file: "src/lane/sequels.ts",
    find: "if (refused === 0)",
    replace: "if (refused < 0)",
    tests: ["lane/sequels"]
  },
  {
    name: "a part of a batch that is given up told as all of it",
    file: "src/lane/sequels.ts",
    find: "if (refused < count)",
    replace: "if (refused < 0)",
    tests: ["lane/sequels"]
  },
  {
    name: "dead letters offered to a sink that has them",
    file: "src/lane/LaneWorkers.ts",
    find: "isTaken: settlement.runsProgram",
    replace: "isTaken: false",
    tests: ["lane/sequels"]
  },
  {
    name: "a replay to a file that forgets who the records are",
    file: "src/cli/spool/replay.ts",
    find: "LogEncoder.json({ uid })",
    replace: "LogEncoder.json()",
    tests: ["cli/spool"]
  },
  {
    name: "a spool that remembers nothing of what is settled behind a gap",
    file: "src/spool/log/SpoolLog.ts",
    find: "this.cursor.write(frontier, end, durable, list)",
    replace: "this.cursor.write(frontier, end, durable)",
    tests: ["lane/settling", "spool/model"]
  },
  {
    name: "a cursor that believes spans that were written for another slot",
    file: "src/spool/disk/Cursor.ts",
    find: "settled: crc32(own) === slot.readUInt32LE(spansSumAt) ? decodeSpans(own) : []",
    replace: "settled: decodeSpans(own)",
    tests: ["spool/corruption"]
  },
  {
    name: "what is missing between what is settled counts as lost at every start",
    file: "src/spool/log/LogReader.ts",
    find: "    if (lost > 0) this.settled.add(this.expected, position)\n",
    replace: "",
    tests: ["spool/corruption"]
  },
  {
    name: "a record that is refused and handed over stands on disk until the handler returns",
    file: "src/lane/Settlement.ts",
    find: "      if (spooled !== undefined) this.spool?.settleSome(spooled, places)\n",
    replace: "",
    tests: ["lane/settling"]
  },
  {
    name: "what is handed over is not noted before",
    file: "src/lane/Settlement.ts",
    find: "if (spooled !== undefined && this.runsProgram) this.spool?.note()",
    replace: "void spooled",
    tests: ["process/refusals"]
  },
  {
    name: "a lane that ends while refused records are handed over forgets the others",
    file: "src/lane/LaneState.ts",
    find: "    if (phase !== \"draining\") this.settlement.handOverRefused()\n",
    replace: "",
    tests: ["lane/settling"]
  },
  {
    name: "counted: an array for each record that enters a queue",
    file: "src/lane/LaneQueue.ts",
    find: "if (!Queue.offerUnsafe(this.queue, record)) return false",
    replace: "if ([Queue.offerUnsafe(this.queue, record)][0] === false) return false",
    tests: ["guards/counts"]
  },
  {
    name: "counted: a batch in two writes",
    file: "src/sinks/file/Write.ts",
    find: "return opened.kind === \"regular\" ? bytes.length :",
    replace: "return opened.kind === \"regular\" ? written < bytes.length >> 1 ? bytes.length >> 1 : bytes.length :",
    tests: ["guards/counts"]
  },
  {
    name: "counted: slices of half the size",
    file: "src/contract/localLane.ts",
    find: "slice: 512",
    replace: "slice: 256",
    tests: ["guards/counts"]
  },
  {
    name: "counted: a lane that is woken by every record",
    file: "src/lane/LaneState.ts",
    find: "if (size >= wakeUp.size ||",
    replace: "if (size >= 1 ||",
    tests: ["guards/counts"]
  },
  {
    name: "counted: lines that are copied twice",
    file: "src/encode/bytes/LineBuffer.ts",
    find: "    this.memory.bytes.copyWithin(this.size, from, to)\n",
    replace:
      "    this.memory.bytes.copyWithin(this.size, from, to)\n    this.memory.bytes.copyWithin(this.size, from, to)\n",
    tests: ["guards/counts"]
  },
  {
    name: "a request that follows where an answer points",
    file: "src/sinks/http/Connection.ts",
    find: "{ ...init, redirect: \"manual\" }",
    replace: "{ ...init }",
    tests: ["sinks/http/conformance"]
  },
  {
    name: "an answer that is read to its end, however long it is",
    file: "src/sinks/http/readAnswer.ts",
    find: "isCut = chunk.length > most - from",
    replace: "isCut = chunk.length > Infinity",
    tests: ["sinks/http/faults"]
  },
  {
    name: "a request that may have arrived, and is said not to have",
    file: "src/sinks/http/failures.ts",
    find: "broke before the answer (${code})`, { ambiguous: true })",
    replace: "broke before the answer (${code})`, { ambiguous: false })",
    tests: ["sinks/http/faults"]
  },
  {
    name: "the words of a client, which may quote a secret, in place of its code",
    file: "src/sinks/http/failures.ts",
    find: "/^[\\w/]{1,64}$/.test(text)",
    replace: "text !== \"\"",
    tests: ["sinks/http/clients"]
  },
  {
    name: "a batch that may have arrived, and is there twice because the second attempt was refused",
    file: "src/sinks/http/failures.ts",
    find: "    default:\n      return LogSink.unavailable(message, { ambiguous: true })",
    replace: "    default:\n      return error",
    tests: ["sinks/http/faults"]
  },
  {
    name: "a second attempt that nobody is told of",
    file: "src/sinks/http/write.ts",
    find: "return Effect.fail(isRepeated ? ambiguous(error) : error)",
    replace: "return Effect.fail(error)",
    tests: ["sinks/http/faults"]
  },
  {
    name: "a connection that is taken for stale while it is in use",
    file: "src/sinks/http/Connection.ts",
    find: "const mayBeStale = this.last === \"answered\" && ",
    replace: "const mayBeStale = this.last === \"answered\" || ",
    tests: ["sinks/http/faults"]
  },
  {
    name: "a name that is never looked up again",
    file: "src/sinks/http/Connection.ts",
    find: "...this.last === \"failed\" && { connection: \"close\" }",
    replace: "",
    tests: ["sinks/http/clients"]
  },
  {
    name: "a body that is made again for each attempt",
    file: "src/sinks/http/Bodies.ts",
    find: "Effect.sync(() => this.bodies.set(batch, body))",
    replace: "Effect.sync(() => body)",
    tests: ["sinks/http/requests"]
  },
  {
    name: "a body in memory that is written to while it is compressed",
    file: "src/sinks/http/write.ts",
    find: "bytes.length : spare.copyOf(bytes)",
    replace: "bytes.length : bytes",
    tests: ["sinks/http/conformance", "sinks/http/requests"]
  },
  {
    name: "memory that is used again while what is in it is compressed",
    file: "src/sinks/http/compression.ts",
    find: "compress(bytes, compression, () => spare.giveBack(bytes))",
    replace: "compress((spare.giveBack(bytes), bytes), compression, () => {})",
    tests: ["sinks/http/requests"]
  },
  {
    name: "a level for a time that ends when the clock is set",
    file: "src/runtime/LevelEnds.ts",
    find: "this.known.get(key) ?? now + until - wall",
    replace: "now + until - wall",
    tests: ["lane/clock"]
  },
  {
    name: "a batch that is another one for its sink each time it is written",
    file: "src/runtime/mappedSink.ts",
    find: "    batches.set(batch, made)\n",
    replace: "",
    tests: ["lane/map"]
  },
  {
    name: "a number that is none, written as one",
    file: "src/encode/bytes/ValueWriter.ts",
    find: "value - value === 0 ? writeWord",
    replace: "value !== 0 ? writeWord",
    tests: ["encode/values"]
  },
  {
    name: "a body whose memory is used again when it is answered, and not when it has left",
    file: "src/sinks/http/write.ts",
    find: "if (hasLeft) spare",
    replace: "if (handedOver !== undefined) spare",
    tests: ["sinks/http/memory"]
  },
  {
    name: "a body whose memory is never used again",
    file: "src/node/HandedOver.ts",
    find: "this.sockets.push(socket)",
    replace: "this.sockets.length = 0",
    tests: ["sinks/http/memory"]
  },
  {
    name: "Loki: an entry that ends like one of another origin",
    file: "src/sinks/loki/PushBodies.ts",
    find: "places.get(record.origin)!",
    replace: "[...places.values()][0]!",
    tests: ["loki/property", "loki/requests"]
  },
  {
    name: "Loki: a line too long for it that nobody sees",
    file: "src/sinks/loki/Lines.ts",
    find: "end - from > mostBytes",
    replace: "end - from > Infinity",
    tests: ["loki/requests", "loki/conformance"]
  },
  {
    name: "Loki: lines of a batch in place of those of another",
    file: "src/sinks/loki/Lines.ts",
    find: "return measured?.batch === batch ? measured.lines",
    replace: "return measured !== undefined ? measured.lines",
    tests: ["loki/requests", "loki/property"]
  },
  {
    name: "a document that ends like that of another origin",
    file: "src/sinks/elasticsearch/BulkBody.ts",
    find: "if (origin.spans === undefined) ends.set",
    replace: "ends.set",
    tests: ["sinks/elasticsearch/documents"]
  },
  {
    name: "the uid of another runtime",
    file: "src/encode/bytes/UidWriter.ts",
    find: "if (runtimeId !== this.runtimeId) this",
    replace: "if (this.runtimeId === undefined) this",
    tests: ["encode/uid", "sinks/otlp/messages"]
  },
  {
    name: "a certificate that has expired, for which records are not kept",
    file: "src/sinks/http/failures.ts",
    find: "if (untrusted.test(code)) return { kind: \"untrusted\", code }\n",
    replace: "",
    tests: ["sinks/http/clients"]
  },
  {
    name: "a handshake that was broken off, taken for a request that may have arrived",
    file: "src/sinks/http/failures.ts",
    find: "if (/before secure TLS connection/.test(message)) return",
    replace: "if (message === \"\") return",
    tests: ["sinks/http/clients"]
  },
  {
    name: "a gateway that fails, taken for one that has passed nothing on",
    file: "src/sinks/http/statuses.ts",
    find: "status >= 500 && status !== 503",
    replace: "status > 599",
    tests: ["sinks/http/requests"]
  },
  {
    name: "OTLP: what is copied of a place that has moved since",
    file: "src/sinks/otlp/ProtobufOrigins.ts",
    find: "if (isMoved && this.isNew) this.batch = {}",
    replace: "",
    tests: ["otlp/messages"]
  },
  {
    name: "OTLP: a name of a header of the environment that is decoded",
    file: "src/sinks/otlp/environmentValues.ts",
    find: "pairsIn(text, asIs)",
    replace: "pairsIn(text)",
    tests: ["sinks/otlp/environment"]
  },
  {
    name: "OTLP: an annotation that has the name of an attribute of the record",
    file: "src/sinks/otlp/attributes.ts",
    find: "!name.startsWith(\"effect.\") && ",
    replace: "",
    tests: ["otlp/messages"]
  },
  {
    name: "OTLP: a uid that is cut",
    file: "src/sinks/otlp/attributes.ts",
    find: "uid && name === uidName ? Infinity : mostText",
    replace: "mostText",
    tests: ["otlp/messages"]
  },
  {
    name: "OTLP: a partial success that is taken for a refusal of all",
    file: "src/sinks/http/answer.ts",
    find: "`${message}: ${said}`, { count })",
    replace: "`${message}: ${said}`)",
    tests: ["sinks/OtlpSink"]
  },
  {
    name: "OTLP: a bad variable for logs that hides the one for all",
    file: "src/sinks/otlp/environment.ts",
    find:
      "      warnings.push(`${name} is ignored: expected ${parsed.expected}, got ${parsed.got}; correct it, or unset it`)\n",
    replace:
      "      warnings.push(`${name} is ignored: expected ${parsed.expected}, got ${parsed.got}; correct it, or unset it`)\n      break\n",
    tests: ["otlp/environment"]
  },
  {
    name: "OTLP: log calls that are events of spans beside records of them",
    file: "src/runtime/assemble.ts",
    find: "sink.replacesSpanEvents) ? false : undefined",
    replace: "sink.replacesSpanEvents) ? undefined : undefined",
    tests: ["capture/spanEvents"]
  },
  {
    name: "Loki: a label with ever new values",
    file: "src/sinks/loki/AnnotationLabel.ts",
    find: "    if (values.size < this.most) {",
    replace: "    if (values.size < Infinity) {",
    tests: ["loki/requests"]
  },
  {
    name: "Loki: a label that moves to and fro",
    file: "src/sinks/loki/AnnotationLabel.ts",
    find: "    this.values = undefined\n",
    replace: "    this.values = new Set()\n",
    tests: ["loki/requests"]
  },
  {
    name: "Loki: metadata that take each other's names",
    file: "src/sinks/loki/Entries.ts",
    find: "    this.taken.add(name)\n",
    replace: "",
    tests: ["loki/requests", "loki/property"]
  },
  {
    name: "Loki: metadata without end",
    file: "src/sinks/loki/Entries.ts",
    find: "if (this.room === 0 || bytes > this.bytes) {",
    replace: "if (this.room === 0) {",
    tests: ["loki/requests"]
  },
  {
    name: "Loki: a stream whose entries are not sorted",
    file: "src/sinks/loki/Stream.ts",
    find: "this.order(this.last, record) > 0",
    replace: "this.order(this.last, record) > Infinity",
    tests: ["loki/requests"]
  },
  {
    name: "Loki: times without a place in their millisecond",
    file: "src/sinks/encoding/NanosText.ts",
    find: "this.millis + String(place).padStart(6, \"0\")",
    replace: "this.millis + \"000000\"",
    tests: ["loki/requests"]
  },
  {
    name: "Loki: a refusal in one stream that hides those in others",
    file: "src/sinks/loki/refusals.ts",
    find: "out of \\d+/gim",
    replace: "out of \\d+/im",
    tests: ["loki/answers"]
  },
  {
    name: "Loki: a number of streams taken for one of entries",
    file: "src/sinks/loki/refusals.ts",
    find: "reason?.refuses === \"entries\" ? count",
    replace: "reason?.refuses !== undefined ? count",
    tests: ["loki/answers"]
  },
  {
    name: "Loki: what is stored of a stream that is too fast, and not said to be",
    file: "src/sinks/loki/answers.ts",
    find: "ambiguous: found !== rateLimit",
    replace: "ambiguous: false",
    tests: ["loki/answers"]
  },
  {
    name: "Loki: an operator who lets nothing in, taken for one who does",
    file: "src/sinks/loki/answers.ts",
    find: "if (status === noEntry || (",
    replace: "if ((",
    tests: ["loki/answers"]
  },
  {
    name: "Loki: a limit of streams that holds up the lane for ever",
    file: "src/sinks/loki/StreamLimit.ts",
    find: "} else if (now - this.since >= this.patience) {",
    replace: "} else if (now - this.since < 0) {",
    tests: ["loki/answers", "loki/delivery"]
  },
  {
    name: "Loki: a limit of streams that is waited for at each batch",
    file: "src/sinks/loki/StreamLimit.ts",
    find: "if (this.state === \"waiting\") this.state = \"clear\"",
    replace: "this.state = \"clear\"",
    tests: ["loki/answers", "loki/delivery"]
  },
  {
    name: "Loki: what a label says, taken for what Loki does",
    file: "src/sinks/loki/answers.ts",
    find: "answer.body.trimStart().replaceAll(quoted, \"\")",
    replace: "answer.body.trimStart()",
    tests: ["loki/answers"]
  },
  {
    name: "Loki: parts of a request refused in words that are not known, and all of it sent again",
    file: "src/sinks/loki/answers.ts",
    find: "if (reasons.length === 0 && !isPartial) return",
    replace: "if (reasons.length === 0) return",
    tests: ["loki/answers"]
  },
  {
    name: "Loki: a label that only some streams must have, waited for by all",
    file: "src/sinks/loki/answers.ts",
    find: "reason === missingLabels && !isOfSome(said, someLabels)",
    replace: "reason === missingLabels",
    tests: ["loki/answers"]
  },
  {
    name: "Loki: a record of several lines, of which the others get one",
    file: "src/sinks/loki/Lines.ts",
    find: "ends.length === batch.length ?",
    replace: "ends.length >= batch.length ?",
    tests: ["loki/requests"]
  },
  {
    name: "Loki: a time that Loki cannot read",
    file: "src/sinks/encoding/NanosText.ts",
    find: "millis >= 0 && millis <= this.latest",
    replace: "millis >= 0",
    tests: ["loki/requests"]
  },
  {
    name: "a record that is there already, and is given up for that",
    file: "src/sinks/elasticsearch/verdicts.ts",
    find: "type === undefined || type === \"version_conflict_engine_exception\"",
    replace: "type === undefined",
    tests: ["sinks/elasticsearch/answers", "sinks/elasticsearch/delivery"]
  },
  {
    name: "an answer for fewer records than were sent, which is believed",
    file: "src/sinks/elasticsearch/items.ts",
    find: "said.length === count",
    replace: "said.length > 0",
    tests: ["sinks/elasticsearch/answers"]
  },
  {
    name: "a dead letter with what the server quotes of the document",
    file: "src/sinks/elasticsearch/reasons.ts",
    find: "const [words = \"\"] = item.reason.split(quotes, 1)",
    replace: "const words = item.reason",
    tests: ["sinks/elasticsearch/answers", "sinks/elasticsearch/delivery"]
  },
  {
    name: "an answer for many records that is cut off like any other",
    file: "src/sinks/http/write.ts",
    find: "Connection.make(target, mostAnswerBytes)",
    replace: "Connection.make(target, Math.min(mostAnswerBytes, mostBytes))",
    tests: ["sinks/elasticsearch/delivery"]
  },
  {
    name: "a document that takes the place of one that is there",
    file: "src/sinks/elasticsearch/BulkBody.ts",
    find: "? `{\"create\":{\"_id\"",
    replace: "? `{\"index\":{\"_id\"",
    tests: ["sinks/elasticsearch/conformance", "sinks/elasticsearch/delivery"]
  },
  {
    name: "a field whose name a server does not take",
    file: "src/sinks/elasticsearch/fieldsJson.ts",
    find: "if (isBlank) return 0\n",
    replace: "",
    tests: ["sinks/elasticsearch/documents"]
  },
  {
    name: "a whole number in digits that no field holds",
    file: "src/sinks/elasticsearch/fieldsJson.ts",
    find: "size < mostLong ||",
    replace: "size < leastExponent ||",
    tests: ["sinks/elasticsearch/documents"]
  },
  {
    name: "a record that is answered with 201 and an error, taken for stored",
    file: "src/sinks/elasticsearch/verdicts.ts",
    find: "(status === 200 || status === 201) && type === undefined",
    replace: "status === 200 || status === 201",
    tests: ["sinks/elasticsearch/answers"]
  },
  {
    name: "an answer that is too long to be read, of which nothing counts",
    file: "src/sinks/elasticsearch/items.ts",
    find: "isCut ? wholeItems(body) : body",
    replace: "isCut ? \"\" : body",
    tests: ["sinks/elasticsearch/answers", "sinks/elasticsearch/delivery"]
  },
  {
    name: "records given up in time while the disk of a cluster is full",
    file: "src/sinks/elasticsearch/verdicts.ts",
    find: "status === 408 || status === 409)",
    replace: "status === 408 || status === 409 || status === 429)",
    tests: ["sinks/elasticsearch/answers"]
  },
  {
    name: "records given up for what a proxy answers",
    file: "src/sinks/elasticsearch/answers.ts",
    find: "return isRejected ? LogSink.misconfigured(error.message) : error\n",
    replace: "return error\n",
    tests: ["sinks/elasticsearch/answers"]
  },
  {
    name: "fields of a program that meet those of every document",
    file: "src/sinks/elasticsearch/fieldNames.ts",
    find: " || other.startsWith(`${name}.`)",
    replace: "",
    tests: ["sinks/elasticsearch/options"]
  },
  {
    name: "records of which some may be stored, kept as if none were",
    file: "src/sinks/elasticsearch/answers.ts",
    find: "again.length === items.length && !ambiguous",
    replace: "again.length === items.length",
    tests: ["sinks/elasticsearch/answers"]
  },
  {
    name: "events behind the one that a collector of Splunk refuses, taken for stored",
    file: "src/sinks/http/presets/splunkAnswers.ts",
    find: "{ length: count - event - 1 }",
    replace: "{ length: 0 }",
    tests: ["sinks/presets/presets"]
  },
  {
    name: "events before the one at which a collector of Splunk was busy, sent again",
    file: "src/sinks/http/presets/splunkAnswers.ts",
    find: "stored: event }",
    replace: "stored: 0 }",
    tests: ["sinks/presets/presets"]
  },
  {
    name: "records that Axiom does not speak of, counted as delivered",
    file: "src/sinks/http/presets/axiom.ts",
    find: "length - (numberIn(answer, \"ingested\") ?? length)",
    replace: "0",
    tests: ["sinks/presets/presets"]
  },
  {
    name: "records that Axiom has not taken, counted as delivered",
    file: "src/sinks/http/presets/axiom.ts",
    find: "error === undefined && count > 0",
    replace: "error === undefined && count < 0",
    tests: ["sinks/presets/presets"]
  },
  {
    name: "an annotation that a service takes for the time of its record",
    file: "src/sinks/http/presets/preset.ts",
    find: ", ...reserved]",
    replace: "]",
    tests: ["sinks/presets/presets"]
  },
  {
    name: "an annotation that has the name of a field of the service",
    file: "src/sinks/http/presets/preset.ts",
    find: "[...Object.keys(first), ...reserved]",
    replace: "reserved",
    tests: ["sinks/presets/presets"]
  },
  {
    name: "more records in a request than the service takes",
    file: "src/sinks/http/presets/preset.ts",
    find: "remoteLane.maxBatchSize, maxBatchSize)",
    replace: "remoteLane.maxBatchSize, Infinity)",
    tests: ["sinks/presets/presets"]
  },
  {
    name: "an exception of ClickHouse that is believed for its status",
    file: "src/sinks/clickhouse/exceptions.ts",
    find: "if (code === undefined) return errorByStatus",
    replace: "if (code === undefined || answer.status < 500) return errorByStatus",
    tests: ["sinks/clickhouse/inserts"]
  },
  {
    name: "a page of some other server, taken for the answer to an insert",
    file: "src/sinks/clickhouse/exceptions.ts",
    find: "errorByStatus(answer, host) ?? errorOfText(answer, host)",
    replace: "errorByStatus(answer, host)",
    tests: ["sinks/clickhouse/inserts"]
  },
  {
    name: "records that a service drops for their age, sent to it from a spool",
    file: "src/sinks/http/presets/preset.ts",
    find: "Duration.min(durationOf(spool.maxAge ?? defaultMaxAge), durationOf(maxAge))",
    replace: "spool.maxAge",
    tests: ["sinks/presets/presets"]
  },
  {
    name: "a name of a table that ends the statement",
    file: "src/sinks/clickhouse/Insert.ts",
    find: "name.replaceAll(/[\\\\`]/g, \"\\\\$&\")",
    replace: "name",
    tests: ["sinks/clickhouse/inserts"]
  },
  {
    name: "an insert whose end is not known, taken for none",
    file: "src/sinks/clickhouse/exceptions.ts",
    find: "ambiguous: meaning === \"unknown\"",
    replace: "ambiguous: false",
    tests: ["sinks/clickhouse/inserts"]
  },
  {
    name: "Loki: a page of HTML taken for an answer",
    file: "src/sinks/loki/answers.ts",
    find: "?.startsWith(\"text/html\") === true",
    replace: "?.startsWith(\"text/html\") === false",
    tests: ["loki/answers"]
  },
  {
    name: "Loki: an answer without a page taken for one",
    file: "src/sinks/loki/answers.ts",
    find: "answer.body !== \"\" && ",
    replace: "",
    tests: ["loki/answers"]
  },
  {
    name: "Loki: a batch that is more than a tenant may send, sent again as it is",
    file: "src/sinks/loki/answers.ts",
    find: "return Number(size) > Number(rate)",
    replace: "return Number(size) > Infinity",
    tests: ["loki/answers"]
  },
  {
    name: "a record that is missed, without a count of it",
    file: "src/capture/Tap.ts",
    find: "this.gap.count += count",
    replace: "this.gap.count = count",
    tests: ["runtime/records"]
  },
  {
    name: "who watches, never woken again after a full stack",
    file: "src/capture/Tap.ts",
    find: "      this.buffer.scheduleRunning = false\n",
    replace: "",
    tests: ["capture/tap"]
  },
  {
    name: "a record that only a stream wants, accepted",
    file: "src/capture/Fanout.ts",
    find: "filter !== undefined) ? aboveAll : lowest",
    replace: "filter !== undefined) ? aboveAll : this.minimum",
    tests: ["runtime/records"]
  },
  {
    name: "a record that is not shown because every lane is full",
    file: "src/capture/TappedFanout.ts",
    find: "      if (!(severity < tap.minimum) && !tap.isFull) return false\n",
    replace: "",
    tests: ["runtime/records"]
  },
  {
    name: "a stream of records that does not end with the log",
    file: "src/runtime/Drain.ts",
    find: "      taps.end()\n",
    replace: "",
    tests: ["runtime/records"]
  },
  {
    name: "who has ceased to watch, still shown records",
    file: "src/runtime/Taps.ts",
    find: "this.all.filter((other) => other !== tap)",
    replace: "this.all",
    tests: ["runtime/records"]
  },
  {
    name: "the states of lanes, more often than ten times a second",
    file: "src/runtime/HealthWatch.ts",
    find: "const pauseMillis = 100",
    replace: "const pauseMillis = 10",
    tests: ["runtime/health"]
  },
  {
    name: "a lane that works again, and nobody is told",
    file: "src/lane/LaneWorkers.ts",
    find: `sign !== "works" || this.lastError !== undefined`,
    replace: `sign !== "works"`,
    tests: ["runtime/health"]
  },
  {
    name: "a lane that ends, and nobody is told",
    file: "src/lane/LaneState.ts",
    find: "    this.wakeUp.wake()\n    this.onChange()\n",
    replace: "    this.wakeUp.wake()\n",
    tests: ["runtime/health"]
  },
  {
    name: "an error that is another, taken for no change",
    file: "src/runtime/health.ts",
    find: " || now?.lastError !== before?.lastError",
    replace: "",
    tests: ["runtime/health"]
  },
  {
    name: "constant fields that go before those of a log call",
    file: "src/capture/SeenContexts.ts",
    find: "context: joined(this.base, seen.context, snapshot)",
    replace: "context: joined(seen.context, this.base, snapshot)",
    tests: ["runtime/constantFields"]
  },
  {
    name: "a record of the runtime itself without the constant fields",
    file: "src/capture/RecordBuilder.ts",
    find: "joined(this.origins.base, new RecordContext(fields, 0), this.outer)",
    replace: "new RecordContext(fields, 0)",
    tests: ["runtime/constantFields"]
  },
  {
    name: "Loki: a body of any size",
    file: "src/sinks/LokiSink.ts",
    find: "        maxBodyBytes,\n        encode",
    replace: "        encode",
    tests: ["loki/requests"]
  },
  {
    name: "an event that is recorded again when it was cut",
    file: "src/events/EventState.ts",
    find: "    if (this.phase === \"ended\") return false\n    // On",
    replace: "    // On",
    tests: ["events/openEvents"]
  },
  {
    name: "an event that is open at shutdown and no record",
    file: "src/runtime/Drain.ts",
    find: "      events.endAll()\n",
    replace: "",
    tests: ["events/openEvents"]
  },
  {
    name: "an event that is recorded when the lanes no longer take it",
    file: "src/runtime/Drain.ts",
    find: "      events.endAll()\n      capture.close()\n",
    replace: "      capture.close()\n      events.endAll()\n",
    tests: ["events/openEvents"]
  },
  {
    name: "an event that is open when the process ends and no record",
    file: "src/runtime/Rescue.ts",
    find: "    this.events.endAll()\n",
    replace: "",
    tests: ["events/openEvents"]
  },
  {
    name: "an event that shutdown records again and again, because it stays among the open ones",
    file: "src/events/EventState.ts",
    find: "      this.events.leave(this)\n",
    replace: "",
    tests: ["events/memory"]
  },
  {
    name: "log calls that look for an event although none is open",
    file: "src/events/EventState.ts",
    find: "    opened.count--\n",
    replace: "",
    tests: ["events/openEvents"]
  },
  {
    name: "a line that is counted once for each runtime",
    file: "src/events/EventLines.ts",
    find: "    if (call !== undefined && call === this.last) return\n",
    replace: "",
    tests: ["events/lines"]
  },
  {
    name: "an inner event that is a line of the outer",
    file: "src/events/EventState.ts",
    find: "    this.outer?.lines.pass(date)\n",
    replace: "",
    tests: ["events/lines"]
  },
  {
    name: "lines that a full lane has dropped and the event does not count",
    file: "src/capture/Capture.ts",
    find:
      "(record === undefined && !this.letsThrough(options))) return\n    const { stage } = this\n    try {\n      event.line(",
    replace: "record === undefined) return\n    const { stage } = this\n    try {\n      event.line(",
    tests: ["events/lines"]
  },
  {
    name: "lines that the levels refuse and the event counts",
    file: "src/capture/Capture.ts",
    find:
      "if (event === undefined || (record === undefined && !this.letsThrough(options))) return\n    const { stage }",
    replace: "if (event === undefined) return\n    const { stage }",
    tests: ["events/lines"]
  },
  {
    name: "fields of an event without an end to their number",
    file: "src/events/EventFields.ts",
    find: "(isNew && this.count >= bounds.maxFields) || ",
    replace: "",
    tests: ["events/bounds"]
  },
  {
    name: "bytes of an event that a later value does not give back",
    file: "src/events/EventFields.ts",
    find: "(isNew ? 0 : copier.sizeOf(name, values[name]))",
    replace: "0",
    tests: ["events/bounds"]
  },
  {
    name: "a counter by the name of a secret that is shown",
    file: "src/events/EventFields.ts",
    find: "else if (before === undefined) this.add({ [name]: sum })",
    replace: "else if (before === undefined) this.set(name, sum)",
    tests: ["events/bounds"]
  },
  {
    name: "fields of an event that are cut twice",
    file: "src/capture/RecordBuilder.ts",
    find: "gathered.copiedBy !== this.copier",
    replace: "gathered.copiedBy === this.copier",
    tests: ["events/bounds"]
  },
  {
    name: "an event that is larger than a record may be",
    file: "src/capture/RecordBuilder.ts",
    find: "bound.bytes + gathered.bytes > snapshot.limits.recordBytes",
    replace: "false",
    tests: ["events/bounds"]
  },
  {
    name: "an event that is not wanted and nowhere counted",
    file: "src/runtime/eventHooks.ts",
    find: "skipped: () => capture.skip()",
    replace: "skipped: () => {}",
    tests: ["events/openEvents"]
  },
  {
    name: "an event whose fiber was dropped and that is no record",
    file: "src/events/OpenEvent.ts",
    find: "    dropped.register(this, state, state)\n",
    replace: "",
    tests: ["events/memory"]
  },
  {
    name: "a defect beside an error that counts as a failure",
    file: "src/events/outcome.ts",
    find:
      "  if (reasons.some(Cause.isDieReason)) return \"defect\"\n  const failure = reasons.find(Cause.isFailReason)\n",
    replace:
      "  const failure = reasons.find(Cause.isFailReason)\n  if (failure === undefined && reasons.some(Cause.isDieReason)) return \"defect\"\n",
    tests: ["WideEvent"]
  },
  {
    name: "an event that an interruption leaves open between two steps",
    file: "src/WideEvent.ts",
    find: "Effect.uninterruptibleMask((restore) =>",
    replace:
      "((with_: (restore: <B, F, S>(self: Effect.Effect<B, F, S>) => Effect.Effect<B, F, S>) => Effect.Effect<A, E, R>) => with_((self) => self))((restore) =>",
    tests: ["events/histories"]
  },
  {
    name: "an event with a sensitive annotation on a check",
    file: "src/events/sensitive.ts",
    find: "(ast.checks ?? []).some(isSensitiveCheck) || ",
    replace: "",
    tests: ["events/sensitive"]
  },
  {
    name: "an event with a Redacted that is encoded",
    file: "src/events/sensitive.ts",
    find: "(SchemaAST.isDeclaration(ast) && isOfRedacted(ast)) ||",
    replace: "",
    tests: ["events/sensitive"]
  },
  {
    name: "an event with the sensitive keys of a record",
    file: "src/events/sensitive.ts",
    find: "(SchemaAST.isObjects(ast) && ast.indexSignatures.some(({ parameter }) => isSensitive(parameter)))",
    replace: "false",
    tests: ["events/sensitive"]
  },
  {
    name: "an event with what a class says of its form in JSON",
    file: "src/events/FieldEncoder.ts",
    find: "Schema.make<OneField>(withoutSensitive(codec.ast))",
    replace: "codec",
    tests: ["events/sensitive"]
  },
  {
    name: "an event with a check that is not run",
    file: "src/events/plainEncoder.ts",
    find: "encoded !== refused && passAll(checks, value, ast) ? encoded : refused",
    replace: "encoded",
    tests: ["LogEvent", "events/plainEncoder"]
  },
  {
    name: "an event whose encoding goes on after the log call",
    file: "src/events/FieldEncoder.ts",
    find: "    if (Cause.isAsyncFiberError(defect)) defect.fiber.interruptUnsafe()\n",
    replace: "",
    tests: ["LogEvent"]
  },
  {
    name: "an event with a marker that the books do not count",
    file: "src/capture/Snapshot.ts",
    find: "if (isMarker) this.isMarked = true",
    replace: "",
    tests: ["LogEvent"]
  },
  {
    name: "a secret in the message of a declared error",
    file: "src/capture/captureError.ts",
    find: "declared?.shown(message, u) ?? message",
    replace: "message",
    tests: ["events/errors"]
  },
  {
    name: "a declared error with its own fields in a cause",
    file: "src/capture/captureError.ts",
    find: "words ?? wordsOf(u, walk)",
    replace: "wordsOf(u, walk)",
    tests: ["events/errors"]
  },
  {
    name: "a catalogue of events in the order of declaration",
    file: "src/events/catalogue.ts",
    find: "events.toSorted((a, b) => compareNames(a.declaration.name, b.declaration.name))",
    replace: "events",
    tests: ["events/catalogue"]
  },
  {
    name: "an event whose field may be missing now and breaks nobody",
    file: "src/events/compareTypes.ts",
    find: "isRequired(before, name) && !isRequired(after, name)",
    replace: "false",
    tests: ["events/compare"]
  },
  {
    name: "an event without a value of an enumeration and breaks nobody",
    file: "src/events/compareTypes.ts",
    find: ", ...removed(was, is, path, within)]",
    replace: "]",
    tests: ["events/compare"]
  },
  {
    name: "an event whose field is sensitive now and breaks nobody",
    file: "src/events/compareTypes.ts",
    find: "is.some(isSensitive) && !was.some(isSensitive)",
    replace: "false",
    tests: ["events/compare"]
  },
  {
    name: "an access record that is made when the handler has exited, before a stream has ended",
    file: "src/serving/recordAccess.ts",
    find: "access.handled(fiber.context, exit)\n",
    replace: "access.handled(fiber.context, exit)\n      access.close(exit)\n",
    tests: ["AccessLog"]
  },
  {
    name: "a request id that is not answered",
    file: "src/serving/HttpAccess.ts",
    find: "Response.setHeader(response, answeredIn, this.requestId)",
    replace: "withBody(response, response.body)",
    tests: ["AccessLog"]
  },
  {
    name: "Effect's own record of a request beside that of the access log",
    file: "src/serving/recordAccess.ts",
    find: "withLoggerDisabled(handled)",
    replace: "handled",
    tests: ["AccessLog"]
  },
  {
    name: "two access records of a request that passes two",
    file: "src/serving/recordAccess.ts",
    find: "accessIn(context)?.isOf(request)",
    replace: "accessIn(context)?.isOf(request) === null",
    tests: ["AccessLog"]
  },
  {
    name: "a client that leaves and is no 499",
    file: "src/serving/httpEnding.ts",
    find: "own === undefined ? isGone : isAbort(own) || (isWeb && isCut)",
    replace: "own === undefined && isGone",
    tests: ["AccessLog", "serving"]
  },
  {
    name: "a web client that cancels a stream and is no 499",
    file: "src/serving/httpEnding.ts",
    find: "isAbort(own) || (isWeb && isCut)",
    replace: "isAbort(own)",
    tests: ["AccessLog"]
  },
  {
    name: "a stream that fails and is said to be answered",
    file: "src/serving/httpEnding.ts",
    find: "if (isBroken) return",
    replace: "if (isBroken && status === 0) return",
    tests: ["AccessLog", "serving"]
  },
  {
    name: "a status below 500 that is called a defect",
    file: "src/serving/httpEnding.ts",
    find: "status < 500 ? \"failure\" : outcome",
    replace: "outcome",
    tests: ["AccessLog"]
  },
  {
    name: "an upgraded connection whose status is that of its handler",
    file: "src/serving/httpRequest.ts",
    find: "shown[\"upgradedResponse\"]",
    replace: "undefined",
    tests: ["serving"]
  },
  {
    name: "a response that could not be sent with the status that it should have had",
    file: "src/serving/httpRequest.ts",
    find: "response[\"headersSent\"] === true ? statusIn(response, \"statusCode\") : undefined",
    replace: "undefined",
    tests: ["serving"]
  },
  {
    name: "a client that has gone before it had all of a large response, and is said to be answered",
    file: "src/serving/httpRequest.ts",
    find: "(isDestroyed(response) || isDestroyed(source[\"socket\"]))",
    replace: "isDestroyed(response)",
    tests: ["serving"]
  },
  {
    name: "a large response before a closed connection that nobody is said to have had",
    file: "src/serving/httpRequest.ts",
    find: "isGone: !isBroken && response[\"writableFinished\"] !== true &&",
    replace: "isGone: !isBroken &&",
    tests: ["serving"]
  },
  {
    name: "bytes of HEAD, 204 and 304 that were not sent",
    file: "src/serving/HttpAccess.ts",
    find: "this.request.method === \"HEAD\" || status === 204 || status === 205 || status === 304",
    replace: "status === 205",
    tests: ["AccessLog"]
  },
  {
    name: "a body without a length that is not counted",
    file: "src/serving/requestBytes.ts",
    find: "bytes.count += chunk[\"length\"]",
    replace: "bytes.count += 0",
    tests: ["serving"]
  },
  {
    name: "a route that is known only where it is left",
    file: "src/serving/recordAccess.ts",
    find: "accessIn(fiber.context)?.routed(fiber.context)",
    replace: "accessIn(fiber.context)",
    tests: ["AccessLog"]
  },
  {
    name: "a span of the client that is not said",
    file: "src/serving/recordAccess.ts",
    find: "span === undefined ? context : Context.add(context, Tracer.ParentSpan, span)",
    replace: "context",
    tests: ["AccessLog"]
  },
  {
    name: "health that is recorded",
    file: "src/serving/HttpAccess.ts",
    find: "this.ending === undefined || !this.rules.leavesOut(this.arrival, this.ending)",
    replace: "true",
    tests: ["AccessLog"]
  },
  {
    name: "an error that says its severity and has none",
    file: "src/serving/HttpAccess.ts",
    find: "severity ?? rules.level(arrival, this.settled())",
    replace: "rules.level(arrival, this.settled())",
    tests: ["AccessLog"]
  },
  {
    name: "a context in a stream of a web response that has no event",
    file: "src/serving/HttpAccess.ts",
    find: "insideRequest(context, this))\n    )",
    replace: "context)\n    )",
    tests: ["AccessLog"]
  },
  {
    name: "an error that is reported, and is a record of its own beside that of its event",
    file: "src/serving/reporting.ts",
    find: "event?.report(reason, severityIn(error)) !== true",
    replace: "event?.report(reason, severityIn(error)) !== undefined",
    tests: ["ErrorReports"]
  },
  {
    name: "an error that is said by each boundary",
    file: "src/serving/recordReport.ts",
    find: "if (isSaid(cause, reason)) continue",
    replace: "",
    tests: ["ErrorReports"]
  },
  {
    name: "what says that it is not to be reported, and is",
    file: "src/serving/reporting.ts",
    find: "reason._tag !== \"Interrupt\" && !isIgnored(errorOf(reason))",
    replace: "reason._tag !== \"Interrupt\"",
    tests: ["ErrorReports"]
  },
  {
    name: "a request whose server reports for it, with a record of that beside its own",
    file: "src/serving/recordAccess.ts",
    find: "elsewhere.find ??= eventOf",
    replace: "elsewhere.find ??= () => undefined",
    tests: ["ErrorReports"]
  },
  {
    name: "a call that ends before what it has promised",
    file: "src/serving/rpcCalls.ts",
    find: "Exit.isSuccess(exit) && Deferred.isDeferred(exit.value)",
    replace: "Exit.isSuccess(exit) && Deferred.isDeferred(null)",
    tests: ["RpcLog"]
  },
  {
    name: "runs of a schedule that are not counted",
    file: "src/serving/jobs.ts",
    find: "cron === undefined ? repeated(fiber) : runs",
    replace: "repeated(fiber)",
    tests: ["WorkLog"]
  },
  {
    name: "a subcommand that is not named",
    file: "src/serving/commandLine.ts",
    find: "path.push(next[\"name\"])",
    replace: "",
    tests: ["CommandLog"]
  },
  {
    name: "hosts of outgoing requests without a bound",
    file: "src/serving/clientCalls.ts",
    find: "if (known.size < most) known.add(host)",
    replace: "known.add(host)",
    tests: ["HttpCalls"]
  },
  {
    name: "answers with an error status that are no failures",
    file: "src/serving/clientCalls.ts",
    find: "exit.value.status >= 400",
    replace: "exit.value.status >= 600",
    tests: ["HttpCalls"]
  }
]
