package dev.holdfast.runner.intake;

import dev.holdfast.events.BackupRequested;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.KafkaConnection;
import dev.holdfast.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the requests as a member of the pool's consumer group. The poll loop only polls and commits: decoding, which may
 * wait for the registry, and serving, which may take half a day, happen elsewhere.
 */
public final class RequestIntake implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(RequestIntake.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofSeconds(2);
    private static final int SESSION_MILLIS = 6_000;
    /** How far back served requests are remembered, and so how far back a new group may read. */
    private static final Duration MEMORY = Duration.ofDays(8);

    private static final int MAX_UNFINISHED = 1_000;

    private final KafkaConnection connection;
    private final String pool;
    private final String clientId;
    private final Set<String> stanzas;
    private final NameSearch ownNames;
    private final Reception reception;
    private final OffsetLedger ledger = new OffsetLedger();
    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    private final Consumer<byte[], byte[]> consumer;
    private final Thread poller;
    private final Thread reader;
    private volatile boolean closing;
    private volatile boolean joined;

    private record Taken(ConsumerRecord<byte[], byte[]> record, OffsetLedger.Entry entry) {}

    /**
     * @param stanzas those that this runner serves; all others are passed over
     */
    public RequestIntake(
            KafkaConnection connection, String pool, String clientId, Set<String> stanzas, Reception reception) {
        this.connection = connection;
        this.pool = pool;
        this.clientId = clientId;
        this.stanzas = Set.copyOf(stanzas);
        this.ownNames = new NameSearch(stanzas);
        this.reception = reception;
        this.consumer = new KafkaConsumer<>(settings());
        this.poller = Thread.ofPlatform().name("requests").unstarted(this::poll);
        this.reader = Thread.ofVirtual().name("request-reader").unstarted(this::read);
    }

    /** Begins to take requests in. */
    public void start() {
        poller.start();
        reader.start();
    }

    /** True once the group has given this runner its share, which may be nothing. */
    public boolean isJoined() {
        return joined;
    }

    /** How many requests were taken in and are not finished. */
    public int unfinished() {
        return ledger.unfinished();
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = connection.consumer(clientId);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, "holdfast-runner-" + pool);
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
        settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, SESSION_MILLIS / 3);
        // for offsets that the log no longer holds; a group without any begins in beginWhereMemoryBegins
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "by_duration:" + MEMORY);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 * 1024 * 1024);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 512 * 1024);
        return settings;
    }

    private void poll() {
        try {
            consumer.subscribe(List.of(Topic.BACKUP_REQUESTS.wireName()), new Assignment());
            while (!closing) {
                try {
                    turn();
                } catch (WakeupException e) {
                    LOGGER.atDebug().log("the intake closes");
                } catch (KafkaException e) {
                    joined = false;
                    LOGGER.atError().setCause(e).log("reading requests failed; trying again");
                    TimeUnit.MILLISECONDS.sleep(PAUSE_AFTER_TROUBLE.toMillis());
                }
            }
            commit(true);
        } catch (InterruptedException e) {
            LOGGER.atDebug().log("the intake ends");
        } finally {
            consumer.close(CloseOptions.timeout(Duration.ofSeconds(2)));
        }
    }

    private void turn() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            OffsetLedger.Entry entry = ledger.taken(record.partition(), record.offset());
            if (ownNames.mayBeIn(record.value())) {
                taken.add(new Taken(record, entry));
            } else {
                ledger.finished(entry);
            }
        }
        joined = joined || !consumer.groupMetadata().memberId().isEmpty();
        commit(false);
        regulate();
    }

    /** Stops fetching a partition that has too much unfinished, so that memory stays bounded. */
    private void regulate() {
        for (TopicPartition partition : consumer.assignment()) {
            int unfinished = ledger.unfinished(partition.partition());
            if (unfinished >= MAX_UNFINISHED) {
                consumer.pause(List.of(partition));
            } else if (unfinished < MAX_UNFINISHED / 2 && consumer.paused().contains(partition)) {
                consumer.resume(List.of(partition));
            }
        }
    }

    /**
     * Positions what the group has no offset of where the memory of served requests begins. Left to the reset policy, an
     * empty partition would have no position until the client asks again, a request timeout (30 s) later, and the first
     * request would wait for that.
     */
    private void beginWhereMemoryBegins(Collection<TopicPartition> partitions) {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
            List<TopicPartition> fresh = partitions.stream()
                    .filter(partition -> committed.get(partition) == null)
                    .toList();
            // the ends first, so that what arrives meanwhile is not jumped over
            Map<TopicPartition, Long> ends = consumer.endOffsets(fresh);
            long begin = Instant.now().minus(MEMORY).toEpochMilli();
            Map<TopicPartition, Long> since = HashMap.newHashMap(fresh.size());
            fresh.forEach(partition -> since.put(partition, begin));
            Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(since);
            ends.forEach((partition, end) -> {
                OffsetAndTimestamp first = found.get(partition);
                consumer.seek(partition, first == null ? end : first.offset());
            });
        } catch (KafkaException e) {
            // the reset policy begins at the same place, only later
            LOGGER.atInfo().addKeyValue("error", String.valueOf(e.getMessage())).log("the beginning was not looked up");
        }
    }

    private void commit(boolean wait) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) {
            ledger.movable(partition.partition())
                    .ifPresent(offset -> offsets.put(partition, new OffsetAndMetadata(offset)));
        }
        if (offsets.isEmpty()) {
            return;
        }
        try {
            if (wait) {
                consumer.commitSync(offsets, Duration.ofSeconds(2));
            } else {
                consumer.commitAsync(offsets, null);
            }
            offsets.forEach((partition, offset) -> ledger.committed(partition.partition(), offset.offset()));
        } catch (KafkaException e) {
            // harmless: what is finished is delivered again, and recognised
            LOGGER.atInfo().addKeyValue("error", String.valueOf(e.getMessage())).log("offsets were not committed");
        }
    }

    private void read() {
        try (EventDecoder decoder = new EventDecoder(connection)) {
            while (true) {
                Taken next = taken.take();
                if (ledger.isOurs(next.entry())) {
                    handOver(next, decoder);
                }
            }
        } catch (InterruptedException e) {
            LOGGER.atDebug().log("the request reader closes");
        }
    }

    private void handOver(Taken next, EventDecoder decoder) {
        Reception.Ticket ticket = ticketOf(next.entry());
        // what cannot be read is the scheduler's to answer
        if (decoder.decode(Topic.BACKUP_REQUESTS.wireName(), next.record().value())
                        instanceof EventDecoder.Event(BackupRequested event)
                && isOurs(event)) {
            switch (RequestReader.read(event, next.record())) {
                case RequestReader.Valid valid -> reception.accept(valid.request(), ticket);
                case RequestReader.Invalid invalid -> reception.refuse(invalid.head(), invalid.reason(), ticket);
            }
        } else {
            ticket.finished();
        }
    }

    private boolean isOurs(BackupRequested event) {
        return stanzas.contains(event.getStanza())
                && event.getPool().map(pool::equals).orElse(true);
    }

    private Reception.Ticket ticketOf(OffsetLedger.Entry entry) {
        return new Reception.Ticket() {
            @Override
            public boolean isValid() {
                return ledger.isOurs(entry);
            }

            @Override
            public void finished() {
                ledger.finished(entry);
            }
        };
    }

    @Override
    public void close() {
        if (poller.getState() == Thread.State.NEW) {
            consumer.close();
            return;
        }
        closing = true;
        consumer.wakeup();
        reader.interrupt();
        try {
            poller.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Keeps the ledger in step with what the group assigns. */
    private final class Assignment implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            joined = true;
            ledger.assigned(numbersOf(partitions));
            beginWhereMemoryBegins(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            commit(true);
            ledger.lost(numbersOf(partitions));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            ledger.lost(numbersOf(partitions));
        }

        private static List<Integer> numbersOf(Collection<TopicPartition> partitions) {
            return partitions.stream().map(TopicPartition::partition).toList();
        }
    }
}
