import { fixed32Tag, fixed64Tag, lengthTag, varintTag } from "./ProtobufBuffer.ts"

/** The tags of the fields of `LogRecord` (OTLP 1.11, `logs/v1/logs.proto`). */
export const time = fixed64Tag(1)
export const severityNumber = varintTag(2)
export const severityText = lengthTag(3)
export const body = lengthTag(5)
export const attributes = lengthTag(6)
export const droppedAttributesCount = varintTag(7)
export const flags = fixed32Tag(8)
export const traceId = lengthTag(9)
export const spanId = lengthTag(10)
export const observedTime = fixed64Tag(11)
export const eventName = lengthTag(12)
