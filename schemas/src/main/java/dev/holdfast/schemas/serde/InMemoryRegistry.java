package dev.holdfast.schemas.serde;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/** A registry in this process, forgotten with it. Accepts every schema, whatever the level. */
final class InMemoryRegistry implements RegistryClient {

    private static final Map<String, InMemoryRegistry> SCOPES = new ConcurrentHashMap<>();

    private final List<Schema> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> idsBySubject = new TreeMap<>();
    private final Map<String, String> levels = new TreeMap<>();

    private InMemoryRegistry() {}

    static InMemoryRegistry scope(String url) {
        return SCOPES.computeIfAbsent(url, scope -> new InMemoryRegistry());
    }

    @Override
    public synchronized int register(String subject, Schema schema) {
        int index = schemas.indexOf(schema);
        if (index < 0) {
            schemas.add(schema);
            index = schemas.size() - 1;
        }
        int id = index + 1;
        List<Integer> ids = idsBySubject.computeIfAbsent(subject, name -> new ArrayList<>());
        if (!ids.contains(id)) {
            ids.add(id);
        }
        return id;
    }

    @Override
    public synchronized int idOf(String subject, Schema schema) {
        int id = schemas.indexOf(schema) + 1;
        if (!idsBySubject.getOrDefault(subject, List.of()).contains(id)) {
            throw new SerializationException("subject %s does not have this schema".formatted(subject));
        }
        return id;
    }

    @Override
    public synchronized Schema byId(int id) {
        if (id < 1 || id > schemas.size()) {
            throw new SerializationException("no schema has the id " + id);
        }
        return schemas.get(id - 1);
    }

    @Override
    public synchronized List<String> subjects() {
        return List.copyOf(idsBySubject.keySet());
    }

    @Override
    public synchronized Optional<String> compatibility(String subject) {
        return Optional.ofNullable(levels.get(subject));
    }

    @Override
    public synchronized void setCompatibility(String subject, String level) {
        levels.put(subject, level);
    }
}
