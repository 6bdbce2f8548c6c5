package dev.holdfast.validator;

import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A cluster of which one table page was damaged on disk before its only backup. */
record CorruptGrounds(PostgresCluster cluster, PgBackRestRepository repository) implements AutoCloseable {

    private static final int PAGE = 8192;

    static CorruptGrounds made() {
        PostgresCluster cluster = PostgresCluster.builder().archiving().start();
        PgBackRestRepository repository = PgBackRestRepository.create(cluster, Grounds.STANZA);
        cluster.sql("create table item as select n, repeat('x', 200) as text from generate_series(1, 5000) n");
        String file = cluster.sql("select pg_relation_filepath('item')").getFirst();
        cluster.stop();
        damage(cluster.dataDirectory().resolve(file));
        cluster.start();
        repository.backup("full");
        return new CorruptGrounds(cluster, repository);
    }

    private static void damage(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            bytes[2 * PAGE + PAGE / 2] ^= (byte) 0xFF;
            Files.write(file, bytes, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot damage " + file, e);
        }
    }

    @Override
    public void close() {
        cluster.close();
        repository.close();
    }
}
