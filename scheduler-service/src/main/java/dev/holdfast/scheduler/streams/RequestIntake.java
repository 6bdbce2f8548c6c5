package dev.holdfast.scheduler.streams;

import dev.holdfast.schemas.KafkaConnection;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes requests from wherever a client's partitioner has put them and sends them on keyed by the stanza in their value,
 * so that the one task that owns the stanza gets them. Answers the unreadable ones with a dead letter.
 */
final class RequestIntake implements Processor<byte[], byte[], byte[], Outgoing> {

    private static final Logger LOGGER = LoggerFactory.getLogger(RequestIntake.class);

    private final Incoming incoming;
    private final Echoes echoes;
    private ProcessorContext<byte[], Outgoing> context;

    @SuppressWarnings("NullAway.Init") // the context comes with init, which Streams calls first
    RequestIntake(KafkaConnection connection, Echoes echoes) {
        this.incoming = new Incoming(connection);
        this.echoes = echoes;
    }

    @Override
    public void init(ProcessorContext<byte[], Outgoing> given) {
        this.context = given;
    }

    @Override
    public void process(Record<byte[], byte[]> message) {
        if (echoes.isEcho(message.headers())) {
            return;
        }
        String topic = Incoming.topicOf(message, context.recordMetadata());
        switch (incoming.read(topic, message.value())) {
            case Incoming.Event event -> {
                RecordHeaders headers = new RecordHeaders();
                headers.add(Incoming.TOPIC_HEADER, topic.getBytes(StandardCharsets.UTF_8));
                // the stanza's task may be in another process, where it was written
                Echoes.keepId(message.headers(), headers);
                context.forward(new Record<>(
                        event.stanza().getBytes(StandardCharsets.UTF_8),
                        Outgoing.toStanza(message.value()),
                        message.timestamp(),
                        headers));
            }
            case Incoming.Dead dead -> {
                LOGGER.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("error", dead.reason())
                        .log("record is unreadable");
                context.forward(Incoming.deadLetter(message, context.recordMetadata(), topic, dead.reason()));
            }
            case Incoming.OfNoConcern ignored -> {
                // announcements are read by every instance for itself; unknown types are for newer readers
            }
        }
    }

    @Override
    public void close() {
        incoming.close();
    }
}
