import { assert, describe, it } from "@effect/vitest"
import { type Environment, type Settings, settingsOf } from "../../../src/sinks/otlp/environment.ts"

const nothing: Settings = {
  isDisabled: false,
  url: undefined,
  headers: undefined,
  compression: undefined,
  format: undefined,
  writeTimeout: undefined,
  batchWindow: undefined,
  capacity: undefined,
  maxBatchSize: undefined,
  maxAttributes: undefined,
  maxAttributeLength: undefined,
  attributes: {}
}

const logs = "OTEL_EXPORTER_OTLP_LOGS_"
const all = "OTEL_EXPORTER_OTLP_"

type Row = [what: string, environment: Environment, said: Partial<Settings>, warnings?: ReadonlyArray<string>]

const shown = (text: string): string => text.startsWith("c") ? "c?token=redacted" : text.replace(/.*@/, "redacted@")

const rows: ReadonlyArray<Row> = [
  ["nothing", {}, {}],
  ["empty and blank ones", { [`${all}ENDPOINT`]: "", [`${all}TIMEOUT`]: "  ", OTEL_SDK_DISABLED: "" }, {}],
  ["an empty one for logs", { [`${logs}TIMEOUT`]: "", [`${all}TIMEOUT`]: "5" }, { writeTimeout: 5 }],

  ["the endpoint of all", { [`${all}ENDPOINT`]: "http://c:4318" }, { url: "http://c:4318/v1/logs" }],
  ["with a slash", { [`${all}ENDPOINT`]: "http://c:4318/" }, { url: "http://c:4318/v1/logs" }],
  ["with a path", { [`${all}ENDPOINT`]: "https://c/otlp/?a=1" }, { url: "https://c/otlp/v1/logs?a=1" }],
  ["that of logs is taken as it is", { [`${logs}ENDPOINT`]: "https://c/in/" }, { url: "https://c/in/" }],
  ["without a path that is the root", { [`${logs}ENDPOINT`]: "https://c" }, { url: "https://c/" }],
  [
    "that of logs goes first",
    { [`${logs}ENDPOINT`]: "http://a/x", [`${all}ENDPOINT`]: "http://b" },
    { url: "http://a/x" }
  ],
  [
    "a bad one of logs is ignored",
    { [`${logs}ENDPOINT`]: "c:4318", [`${all}ENDPOINT`]: "http://b" },
    { url: "http://b/v1/logs" },
    [`${logs}ENDPOINT is ignored: expected a URL with http: or https:, got "c:4318"`]
  ],
  [
    "credentials are not shown",
    { [`${all}ENDPOINT`]: "ftp://reader:hunter2@c" },
    {},
    [`${all}ENDPOINT is ignored: expected a URL with http: or https:, got "ftp://redacted@c"`]
  ],
  ...["reader:hunter2@c:4318/in", "reader:a@hunter2@c", "ftp:reader:hunter2@c", "c?token=hunter2"].map((text): Row => [
    `credentials are not shown without a scheme: ${text}`,
    { [`${logs}ENDPOINT`]: text },
    {},
    [`${logs}ENDPOINT is ignored: expected a URL with http: or https:, got "${shown(text)}"`]
  ]),

  ["headers", { [`${all}HEADERS`]: "api-key=k%20e%3D,x= 1 " }, { headers: { "api-key": "k e=", x: "1" } }],
  [
    "headers with = in their values, and % in their names",
    { [`${all}HEADERS`]: "authorization=Basic dXNlcjpwYXNz==,a%2Db=1" },
    { headers: { authorization: "Basic dXNlcjpwYXNz==", "a%2Db": "1" } }
  ],
  [
    "those of logs replace the others",
    { [`${logs}HEADERS`]: "a=1", [`${all}HEADERS`]: "b=2" },
    { headers: { a: "1" } }
  ],
  [
    "headers that the client writes are left to it",
    { [`${all}HEADERS`]: "Content-Type=application/json,transfer-encoding=chunked,expect=100-continue,host=c,a=1" },
    { headers: { a: "1" } }
  ],
  ...["a", "=1", "a=%zz", "a b=1", "a=1,b", "a=%0A"].map((text): Row => [
    `no headers: ${text}`,
    { [`${all}HEADERS`]: text },
    {},
    [`${all}HEADERS is ignored: expected name=value pairs with commas between them, percent-encoded, got something else`]
  ]),

  ["compression", { [`${all}COMPRESSION`]: "gzip" }, { compression: "gzip" }],
  ["none for logs", { [`${logs}COMPRESSION`]: "none", [`${all}COMPRESSION`]: "gzip" }, { compression: "none" }],
  [
    "an unknown one",
    { [`${logs}COMPRESSION`]: "brotli", [`${all}COMPRESSION`]: "gzip" },
    { compression: "gzip" },
    [`${logs}COMPRESSION is ignored: expected one of none, gzip, got "brotli"`]
  ],
  ["JSON", { [`${all}PROTOCOL`]: "http/json" }, { format: "json" }],
  ["protobuf", { [`${logs}PROTOCOL`]: "http/protobuf", [`${all}PROTOCOL`]: "http/json" }, { format: "protobuf" }],
  [
    "gRPC, which is not there",
    { [`${all}PROTOCOL`]: "grpc" },
    {},
    [`${all}PROTOCOL is ignored: expected one of http/protobuf, http/json, got "grpc"`]
  ],

  ["the timeout of a request", { [`${all}TIMEOUT`]: "2500" }, { writeTimeout: 2500 }],
  ["that of logs", { [`${logs}TIMEOUT`]: "1", [`${all}TIMEOUT`]: "2" }, { writeTimeout: 1 }],
  ["no bound", { [`${all}TIMEOUT`]: "0" }, { writeTimeout: Infinity }],
  ["the shorter of two", { [`${all}TIMEOUT`]: "0", OTEL_BLRP_EXPORT_TIMEOUT: "30000" }, { writeTimeout: 30_000 }],
  ...["-1", "1.5", "10s", "1e3", "0x10", "9".repeat(20)].map((text): Row => [
    `no number: ${text}`,
    { [`${all}TIMEOUT`]: text },
    {},
    [`${all}TIMEOUT is ignored: expected a whole number of at least 0, got "${text}"`]
  ]),
  [
    "the queue",
    {
      OTEL_BLRP_SCHEDULE_DELAY: "0",
      OTEL_BLRP_MAX_QUEUE_SIZE: "2048",
      OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: "512"
    },
    { batchWindow: 0, capacity: 2048, maxBatchSize: 512 }
  ],
  [
    "no room in it",
    { OTEL_BLRP_MAX_QUEUE_SIZE: "0", OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: "0" },
    {},
    [
      `OTEL_BLRP_MAX_QUEUE_SIZE is ignored: expected a whole number of at least 1, got "0"`,
      `OTEL_BLRP_MAX_EXPORT_BATCH_SIZE is ignored: expected a whole number of at least 1, got "0"`
    ]
  ],

  [
    "limits of all attributes",
    { OTEL_ATTRIBUTE_COUNT_LIMIT: "3", OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "0" },
    { maxAttributes: 3, maxAttributeLength: 0 }
  ],
  [
    "of those of records",
    {
      OTEL_ATTRIBUTE_COUNT_LIMIT: "3",
      OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: "4",
      OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: "many",
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "9"
    },
    { maxAttributes: 4, maxAttributeLength: 9 },
    [`OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT is ignored: expected a whole number of at least 0, got "many"`]
  ],

  [
    "the resource",
    { OTEL_RESOURCE_ATTRIBUTES: "service.name=a, deployment.environment.name = prod%2Ceu ,empty=" },
    { attributes: { "service.name": "a", "deployment.environment.name": "prod,eu", empty: "" } }
  ],
  [
    "the name of the service goes first",
    { OTEL_RESOURCE_ATTRIBUTES: "service.name=a,service.version=1", OTEL_SERVICE_NAME: "b" },
    { attributes: { "service.name": "b", "service.version": "1" } }
  ],
  ["with % in their names", { OTEL_RESOURCE_ATTRIBUTES: "a%2Cb=1" }, { attributes: { "a,b": "1" } }],
  [
    "a bad resource is ignored as a whole",
    { OTEL_RESOURCE_ATTRIBUTES: "a=1,b=%zz", OTEL_SERVICE_NAME: "b" },
    { attributes: { "service.name": "b" } },
    [`OTEL_RESOURCE_ATTRIBUTES is ignored: expected name=value pairs with commas between them, percent-encoded, got "a=1,b=%zz"`]
  ],
  [
    "what is bad in the resource may be a secret",
    { OTEL_RESOURCE_ATTRIBUTES: "api_key=hunter2,b=%zz" },
    {},
    [`OTEL_RESOURCE_ATTRIBUTES is ignored: expected name=value pairs with commas between them, percent-encoded, got "api_key=redacted,b=%zz"`]
  ],

  ["disabled", { OTEL_SDK_DISABLED: "True" }, { isDisabled: true }],
  ["not disabled", { OTEL_SDK_DISABLED: "false" }, {}],
  [
    "no boolean",
    { OTEL_SDK_DISABLED: "1" },
    {},
    [`OTEL_SDK_DISABLED is ignored: expected true or false, got "1"`]
  ],
  ["another exporter", { OTEL_LOGS_EXPORTER: "none" }, { isDisabled: true }],
  ["one on the console", { OTEL_LOGS_EXPORTER: "console" }, { isDisabled: true }],
  ["this exporter among others", { OTEL_LOGS_EXPORTER: "console, otlp" }, {}],
  [
    "an unknown exporter",
    { OTEL_LOGS_EXPORTER: "zipkin" },
    {},
    [`OTEL_LOGS_EXPORTER is ignored: expected some of otlp, otlp/stdout, console, logging, none, got "zipkin"`]
  ],
  [
    "certificates",
    { [`${all}CERTIFICATE`]: "/ca.pem", [`${logs}CLIENT_KEY`]: "/key.pem", [`${all}CLIENT_CERTIFICATE`]: "" },
    {},
    [`${all}CERTIFICATE`, `${logs}CLIENT_KEY`].map((name) =>
      `${name} is ignored: expected nothing, since certificates are given to the HttpClient of the program, got a path`
    )
  ]
]

describe("the variables of OpenTelemetry", () => {
  it.each(rows)("%s", (_, environment, said, warnings = []) => {
    const expected = warnings.map((warning) => `${warning}; correct it, or unset it`)
    assert.deepStrictEqual(settingsOf(environment), { settings: { ...nothing, ...said }, warnings: expected })
  })

  it("show little of a long value", () => {
    const [warning] = settingsOf({ OTEL_BLRP_SCHEDULE_DELAY: "x".repeat(10_000) }).warnings
    assert.isBelow(String(warning).length, 300)
  })
})
