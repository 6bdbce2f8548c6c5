// Decodes Confluent's wire format: a zero byte, the schema's id in four bytes, Avro binary. Schemas come from the registry, once each.
import avro from 'avsc'

// Instants as ISO 8601; JavaScript's dates have milliseconds, the log has microseconds, so the last three digits are cut off.
class Instant extends avro.types.LogicalType {
  _fromValue(micros) { return new Date(Math.floor(micros / 1000)).toISOString() }
  _resolve(type) { return avro.Type.isType(type, 'long', 'logical:timestamp-micros') ? this._fromValue : undefined }
}

// Sizes and LSNs fit a double up to 2^53; beyond it avsc throws rather than round.
const parse = schema => avro.Type.forSchema(JSON.parse(schema), { logicalTypes: { 'timestamp-micros': Instant } })

// Holdfast itself answers such a record and keeps it in the dead-letter topic; here it must only not stop the reading.
function unreadable (why) {
  console.error(`passed over a record: ${why}`)
  return null
}

export class Schemas {
  #url
  #types = new Map()

  constructor (url) { this.#url = url }

  // {type, fields} of a record's value; null, and a line on standard error, for bytes that are no event.
  async decode (bytes) {
    if (!bytes || bytes.length < 5 || bytes[0] !== 0) return unreadable('no Confluent prefix')
    const type = await this.#type(bytes.readInt32BE(1))
    if (!type) return unreadable(`no schema ${bytes.readInt32BE(1)}`)
    try {
      return { type: type.name?.split('.').pop(), fields: type.fromBuffer(bytes.subarray(5)) }
    } catch (e) {
      return unreadable(e.message)
    }
  }

  async #type (id) {
    if (!this.#types.has(id)) {
      const answer = await fetch(`${this.#url}/schemas/ids/${id}`)
      // not found is the record's fault; anything else is the registry's, and a reason to stop and come back
      if (!answer.ok && answer.status !== 404) throw new Error(`the registry at ${this.#url} answers ${answer.status} for schema ${id}`)
      this.#types.set(id, answer.ok ? parse((await answer.json()).schema) : null)
    }
    return this.#types.get(id)
  }
}
