package dev.holdfast.bench;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.kafka.annotation.KafkaListener;

/** The anchor of the footprint: a Spring Boot service with web, actuator and one Kafka listener, everything else by default. */
@SpringBootApplication
public class DefaultService {

    private static final Logger LOGGER = LoggerFactory.getLogger(DefaultService.class);

    /** Starts it. */
    public static void main(String[] args) {
        SpringApplication.run(DefaultService.class, args);
    }

    /** Reads what the runner writes, as most services of a platform read some topic. */
    @KafkaListener(id = "${bench.group:bench}", topics = "holdfast.backup.events")
    void read(ConsumerRecord<?, ?> event) {
        LOGGER.debug("read {}", event.offset());
    }
}
