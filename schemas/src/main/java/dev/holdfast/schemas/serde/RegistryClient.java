package dev.holdfast.schemas.serde;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * What serializers ask of a schema registry with Confluent's REST API.
 *
 * <p>A registry that cannot be reached is waited for, with growing pauses, until the thread is interrupted: the record
 * at hand is good, and only the registry can say what it means. Answers are kept as long as the process lives; a registry
 * that is down stops nobody who has met the schema before.
 */
public interface RegistryClient {

    /** Prefix of registries that live in this process only, shared by everyone who names the same scope: for tests. */
    String IN_MEMORY_PREFIX = "mock://";

    /**
     * Makes the schema a version of the subject, if it is not one already.
     *
     * @return its id
     * @throws SerializationException if the registry refuses it, for example as incompatible
     */
    int register(String subject, Schema schema);

    /**
     * The id of a schema that the subject has.
     *
     * @throws SerializationException if the subject does not have it
     */
    int idOf(String subject, Schema schema);

    /**
     * The schema with this id.
     *
     * @throws SerializationException if there is none
     */
    Schema byId(int id);

    /** All subjects. */
    List<String> subjects();

    /** Which changes of a subject's schema the registry lets pass; empty if nobody said so for this subject. */
    Optional<String> compatibility(String subject);

    /** Sets which changes of a subject's schema the registry lets pass, such as FULL_TRANSITIVE. */
    void setCompatibility(String subject, String level);

    /**
     * The client that the settings ask for.
     *
     * @param settings with {@code schema.registry.url}, optionally {@code basic.auth.user.info}
     * @throws ConfigException if there is no address, or what is there is no URL
     */
    static RegistryClient of(Map<String, ?> settings) {
        Object url = settings.get("schema.registry.url");
        if (url == null || url.toString().isBlank()) {
            throw new ConfigException("schema.registry.url", url, "name the registry's base URL (HOLDFAST_REGISTRY)");
        }
        return url.toString().startsWith(IN_MEMORY_PREFIX)
                ? InMemoryRegistry.scope(url.toString())
                : HttpRegistry.at(
                        url.toString(),
                        Optional.ofNullable(settings.get("basic.auth.user.info"))
                                .map(Object::toString));
    }
}
