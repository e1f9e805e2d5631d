/** What Loki takes, where its operator has not changed it (`limits_config`, `pkg/validation/limits.go`). */

/** `server.grpc_server_max_recv_msg_size`, which is also what gateways take. */
export const bodyBytes = 4 * 1024 * 1024

/** `max_line_size`, in bytes of UTF-8. */
export const lineBytes = 256 * 1024

/** `max_label_names_per_series`. */
export const labelNames = 15

/** `max_label_name_length`. */
export const labelNameBytes = 1024

/** `max_label_value_length`, in bytes of UTF-8. */
export const labelValueBytes = 2048

/** `max_structured_metadata_entries_count`. */
export const metadataEntries = 128

/** `max_structured_metadata_size`: the bytes of all names and values in UTF-8. */
export const metadataBytes = 64 * 1024

/** The last millisecond of which every nanosecond has 63 bits: in the year 2262. A later one could not be read. */
export const latest = 9_223_372_036_853
