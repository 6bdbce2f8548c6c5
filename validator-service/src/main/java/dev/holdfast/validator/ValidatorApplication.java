package dev.holdfast.validator;

import dev.holdfast.schemas.KafkaConnection;
import java.time.Clock;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Starts the validator. */
@SpringBootApplication(proxyBeanMethods = false)
public class ValidatorApplication {

    /** The entry point; settings come from the environment. */
    public static void main(String[] arguments) {
        SpringApplication.run(ValidatorApplication.class, arguments);
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    ValidatorSettings settings() {
        return ValidatorSettings.from(System.getenv());
    }

    @Bean
    KafkaConnection kafkaConnection() {
        return KafkaConnection.from(System.getenv());
    }

    @Bean
    Validator validator(ValidatorSettings settings, KafkaConnection connection, Clock clock) {
        return new Validator(settings, connection, clock);
    }
}
