import { assert, describe, it } from "@effect/vitest"
import {
  Arbitrary,
  Chunk,
  Effect,
  Equal,
  Exit,
  Graph,
  Hash,
  HashMap,
  HashRing,
  HashSet,
  MutableHashMap,
  MutableHashSet,
  MutableRef,
  Option,
  PrimaryKey,
  Ref,
  Result,
  Schema,
  SubscriptionRef,
  SynchronizedRef,
  Trie,
  TxChunk,
  TxHashMap,
  TxHashSet,
  TxPriorityQueue,
  TxRef,
  TxSubscriptionRef
} from "effect"
import { defaultLimits } from "../../src/capture/limits.ts"
import { makeSnapshot, plainSnapshot } from "../support/capture.ts"

/** How often a snapshot has come to any of the nodes. */
let visits = 0

/** What a container holds here: it counts who looks at it, and is told from its like by identity. */
class Node {
  held: ReadonlyArray<unknown>
  readonly password = "hunter2"
  constructor(...held: ReadonlyArray<unknown>) {
    this.held = held
    Object.defineProperty(this, "visit", { enumerable: true, get: () => void visits++ })
  }
  [PrimaryKey.symbol](): string {
    return "node"
  }
  [Equal.symbol](that: unknown): boolean {
    return this === that
  }
  [Hash.symbol](): number {
    return 1
  }
}

interface Container {
  readonly name: string
  readonly of: (node: Node) => unknown
  /** What it shows, given what its node shows. */
  readonly shown: (node: unknown) => unknown
}

const run = Effect.runSync

const containers: ReadonlyArray<Container> = [
  { name: "Option", of: Option.some, shown: (value) => ({ _id: "Option", _tag: "Some", value }) },
  { name: "Result", of: Result.succeed, shown: (value) => ({ _id: "Result", _tag: "Success", value }) },
  { name: "a failed Result", of: Result.fail, shown: (failure) => ({ _id: "Result", _tag: "Failure", failure }) },
  { name: "Exit", of: Exit.succeed, shown: (value) => ({ _id: "Exit", _tag: "Success", value }) },
  {
    name: "a failed Exit",
    of: Exit.fail,
    shown: (error) => ({ _id: "Exit", _tag: "Failure", cause: [{ kind: "Fail", error }] })
  },
  { name: "Chunk", of: Chunk.of, shown: (node) => [node] },
  { name: "HashMap", of: (node) => HashMap.make(["key", node]), shown: (key) => ({ key }) },
  { name: "HashSet", of: (node) => HashSet.make(node), shown: (node) => [node] },
  { name: "MutableHashMap", of: (node) => MutableHashMap.make(["key", node]), shown: (key) => ({ key }) },
  { name: "MutableHashSet", of: (node) => MutableHashSet.make(node), shown: (node) => [node] },
  { name: "MutableRef", of: MutableRef.make, shown: (value) => ({ _id: "MutableRef", value }) },
  { name: "Trie", of: (node) => Trie.make(["key", node]), shown: (key) => ({ key }) },
  {
    name: "Graph",
    of: (node) =>
      Graph.directed<Node, Node>((graph) => {
        const index = Graph.addNode(graph, node)
        Graph.addEdge(graph, index, index, node)
      }),
    shown: (node) => ({
      _id: "Graph",
      type: "directed",
      nodes: { 0: node },
      edges: { 0: { source: 0, target: 0, data: node } }
    })
  },
  { name: "HashRing", of: (node) => HashRing.add(HashRing.make<Node>(), node), shown: (node) => ({ node: [node, 1] }) },
  { name: "Ref", of: Ref.makeUnsafe, shown: (value) => ({ _id: "Ref", value }) },
  {
    name: "SynchronizedRef",
    of: (node) => run(SynchronizedRef.make(node)),
    shown: (value) => ({ _id: "SynchronizedRef", value })
  },
  {
    name: "SubscriptionRef",
    of: (node) => run(SubscriptionRef.make(node)),
    shown: (value) => ({ _id: "SubscriptionRef", value })
  },
  { name: "TxRef", of: TxRef.makeUnsafe, shown: (value) => ({ _id: "TxRef", value }) },
  {
    name: "TxSubscriptionRef",
    of: (node) => run(TxSubscriptionRef.make(node)),
    shown: (value) => ({ _id: "TxSubscriptionRef", value })
  },
  { name: "TxChunk", of: (node) => run(TxChunk.make(Chunk.of(node))), shown: (node) => [node] },
  { name: "TxHashMap", of: (node) => run(TxHashMap.make(["key", node])), shown: (key) => ({ key }) },
  { name: "TxHashSet", of: (node) => run(TxHashSet.make(node)), shown: (node) => [node] },
  {
    name: "TxPriorityQueue",
    of: (node) => run(TxPriorityQueue.make<Node>(() => 0)(node)),
    shown: (node) => [node]
  }
]

/** Copies a value and says how much work that was. */
const copied = (
  value: unknown,
  depth = defaultLimits.depth
): { readonly json: string; readonly work: number; readonly bytes: number } => {
  visits = 0
  const snapshot = makeSnapshot({ depth })
  const json = JSON.stringify(snapshot.value(value))
  return { json, work: visits, bytes: snapshot.bytes }
}

describe.each(containers)("F90: $name", ({ of, shown }) => {
  it("is shown by what it holds, redacted", () => {
    const node = { held: ["text"], password: "<redacted>" }
    assert.deepStrictEqual(plainSnapshot(of(new Node("text"))), shown(node))
    assert.deepStrictEqual(plainSnapshot({ a: [of(new Node("text"))] }), { a: [shown(node)] })
  })

  it("may hold itself, or two of them each other", () => {
    const self = new Node()
    self.held = [of(self), of(self)]
    const first = new Node()
    const second = new Node(of(first), of(first))
    first.held = [of(second), of(second)]
    for (const value of [self.held[0], first.held[0]]) {
      const { bytes, json, work } = copied(value, 16)
      assert.include(json, "[Circular]")
      assert.isBelow(work, 300)
      assert.isBelow(bytes, defaultLimits.recordBytes)
    }
  })

  it("may hold others that share what they hold, 26 levels deep", () => {
    let value = of(new Node("bottom"))
    for (let level = 0; level < 26; level++) value = of(new Node(value, value))
    const { bytes, work } = copied(value)
    assert.isBelow(work, 300)
    assert.isBelow(bytes, defaultLimits.recordBytes)
  })
})

describe("F90: containers", () => {
  const choice = (maximum: number): Arbitrary.Arbitrary<number> =>
    Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum })))

  it.prop(
    "in any graph are copied in bounded work",
    [Arbitrary.array(Arbitrary.all([choice(containers.length - 1), Arbitrary.array(choice(11), { maxLength: 12 })]), {
      minLength: 1,
      maxLength: 12
    })],
    ([graph]) => {
      const nodes = graph.map(() => new Node())
      const values = graph.map(([kind], i) => containers[kind]!.of(nodes[i]!))
      for (const [i, [, edges]] of graph.entries()) nodes[i]!.held = edges.map((edge) => values[edge % values.length])
      const { bytes, json, work } = copied(values)
      assert.notInclude(json, "hunter2")
      assert.isBelow(work, 10_000)
      assert.isBelow(bytes, 2 * defaultLimits.recordBytes)
    },
    { arbitrary: { runs: 30 } }
  )

  it.each<[name: string, value: unknown, rest: unknown]>([
    ["Chunk", Chunk.range(1, 1000), "[998 more items]"],
    ["HashSet", HashSet.fromIterable(Chunk.range(1, 1000)), "[998 more items]"],
    ["MutableHashSet", MutableHashSet.fromIterable(Chunk.range(1, 1000)), "[998 more items]"],
    ["TxChunk", run(TxChunk.make(Chunk.range(1, 1000))), "[998 more items]"]
  ])("says how much of a large %s is left out", (_, value, rest) => {
    const copy = makeSnapshot({ keys: 2 }).value(value)
    assert.deepStrictEqual(Array.isArray(copy) ? [copy.length, copy[2]] : copy, [3, rest])
  })

  it.each<[name: string, value: unknown, rest: string]>([
    ["HashMap", HashMap.make(["password", 1], ["a", 1], ["b", 2], ["c", 3]), "[2 more keys]"],
    ["MutableHashMap", MutableHashMap.make(["password", 1], ["a", 1], ["b", 2], ["c", 3]), "[2 more keys]"],
    ["Trie", Trie.make(["password", 1], ["a", 1], ["b", 2], ["c", 3]), "[more keys]"],
    ["TxHashMap", run(TxHashMap.make(["password", 1], ["a", 1], ["b", 2], ["c", 3])), "[2 more keys]"]
  ])("redacts the values of a %s by their keys, and says what is left out", (_, value, rest) => {
    assert.propertyVal(plainSnapshot(value), "password", "<redacted>")
    assert.propertyVal(plainSnapshot(value, { keys: 2 }), "…", rest)
  })

  it("that are impostors cost their own field only", () => {
    const ids = [
      "Chunk",
      "HashMap",
      "HashSet",
      "MutableHashMap",
      "MutableHashSet",
      "Trie",
      "Graph",
      "HashRing",
      "Duration",
      "DateTime",
      "TxRef",
      "TxChunk",
      "http/HttpClientRequest",
      "http/HttpBody",
      "of/tomorrow/Kind"
    ]
    for (const id of ids) {
      const key = `~effect/${id}`
      const endless = function*(): Generator {
        for (;;) yield endless()
      }
      const impostors = [
        { [key]: key },
        Object.create({ [key]: key }),
        { before: 1, [key]: key, toJSON: "no function", [Symbol.iterator]: endless, length: Number.NaN },
        Object.assign(Object.create({ [key]: key, toJSON: (): never => assert.fail() }), { [Symbol.iterator]: endless })
      ]
      for (const impostor of impostors) {
        assert.containSubset(plainSnapshot({ before: 1, impostor, after: 2 }), { before: 1, after: 2 })
      }
    }
  })
})
