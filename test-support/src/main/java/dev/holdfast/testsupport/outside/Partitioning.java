package dev.holdfast.testsupport.outside;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.apache.kafka.clients.producer.ProducerRecord;

/** How clients in other languages choose a partition for the same stanza. */
public enum Partitioning {
    /** As the Java client does: murmur2 of the key. */
    JAVA,
    /** As librdkafka does by default ({@code consistent_random}): CRC-32 of the key. */
    LIBRDKAFKA,
    /** Without a key: wherever the client likes. */
    NO_KEY;

    private static final int PARTITIONS = 12;

    public ProducerRecord<byte[], byte[]> record(String topic, String stanza, byte[] value) {
        byte[] key = stanza.getBytes(StandardCharsets.UTF_8);
        return switch (this) {
            case JAVA -> new ProducerRecord<>(topic, key, value);
            case LIBRDKAFKA -> new ProducerRecord<>(topic, crc32(key), key, value);
            case NO_KEY -> new ProducerRecord<>(topic, value);
        };
    }

    private static int crc32(byte[] key) {
        CRC32 crc = new CRC32();
        crc.update(key);
        return (int) (crc.getValue() % PARTITIONS);
    }
}
