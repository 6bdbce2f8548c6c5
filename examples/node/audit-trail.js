// Follows Holdfast's log from its beginning and prints a line of JSON for each fact: node audit-trail.js [GROUP]
import { Consumer } from '@platformatic/kafka'
import { Schemas } from './schemas.js'

const BROKERS = (process.env.HOLDFAST_KAFKA ?? '127.0.0.1:9092').split(',')
const REGISTRY = process.env.HOLDFAST_REGISTRY ?? 'http://127.0.0.1:8085/apis/ccompat/v7'
const TOPICS = [
  'holdfast.backup.requests', 'holdfast.controls', 'holdfast.backup.events', 'holdfast.repository.events',
  'holdfast.restore-test.requests', 'holdfast.restore-test.events', 'holdfast.policy.events'
]
const READ_COMMITTED = 1
const REMEMBERED = 100_000

const schemas = new Schemas(REGISTRY)
const seen = new Set()

// Delivery is at least once. A database would have a unique key on eventId instead of this window.
function isNew (eventId) {
  if (seen.has(eventId)) return false
  seen.add(eventId)
  if (seen.size > REMEMBERED) seen.delete(seen.values().next().value)
  return true
}

async function tell (message) {
  const event = await schemas.decode(message.value)
  if (!event?.fields.eventId || !isNew(event.fields.eventId)) return
  const { eventId, occurredAt, stanza, requestId, producer } = event.fields
  console.log(JSON.stringify({
    type: event.type, at: occurredAt, stanza, requestId: requestId ?? null, by: producer?.service ?? null, eventId, topic: message.topic
  }))
}

const consumer = new Consumer({
  groupId: process.argv[2] ?? 'audit-trail-node',
  clientId: 'audit-trail-node',
  bootstrapBrokers: BROKERS
})
const stream = await consumer.consume({
  topics: TOPICS, mode: 'committed', fallbackMode: 'earliest', isolationLevel: READ_COMMITTED, autocommit: false
}).catch(e => {
  console.error(`cannot read from Kafka at ${BROKERS}: ${e.message}. HOLDFAST_KAFKA says where it is.`)
  process.exit(3)
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stream.close())

for await (const message of stream) {
  await tell(message)
  await message.commit() // after the line is out: a crash repeats an event, it loses none
}
await consumer.close(true)
