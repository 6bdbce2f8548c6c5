package dev.holdfast.scheduler.intake;

import dev.holdfast.scheduler.log.ReadThrough;
import dev.holdfast.schemas.EventDecoder;
import dev.holdfast.schemas.KafkaConnection;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;

/**
 * Feeds one topic, from its beginning, into something that keeps the newest of each key. Used by one thread.
 *
 * @param <E> the one event type of the topic
 */
public final class LogView<E extends SpecificRecord> implements Consumer<Message<byte[]>> {

    private final Class<E> type;
    private final Consumer<E> keeper;
    private final ReadThrough progress;
    private final EventDecoder decoder;

    /** A view of events of one type. */
    public LogView(Class<E> type, Consumer<E> keeper, ReadThrough progress, KafkaConnection connection) {
        this.type = type;
        this.keeper = keeper;
        this.progress = progress;
        this.decoder = new EventDecoder(connection);
    }

    @Override
    public void accept(Message<byte[]> message) {
        var headers = message.getHeaders();
        String topic = String.valueOf(headers.get(KafkaHeaders.RECEIVED_TOPIC));
        if (decoder.decode(topic, message.getPayload()) instanceof EventDecoder.Event decoded
                && type.isInstance(decoded.event())) {
            keeper.accept(type.cast(decoded.event()));
        }
        Integer partition = headers.get(KafkaHeaders.RECEIVED_PARTITION, Integer.class);
        Long offset = headers.get(KafkaHeaders.OFFSET, Long.class);
        if (partition != null && offset != null) {
            progress.passed(topic, partition, offset);
        }
    }
}
