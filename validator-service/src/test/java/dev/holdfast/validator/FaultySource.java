package dev.holdfast.validator;

import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * A cluster whose content was at fault before each of its backups, in an encrypted repository.
 *
 * @param lacking label of a backup with an index that needs a library which no image has
 * @param index label of a backup with an index that lacks entries
 * @param page label of a backup with a page that was damaged on disk
 */
record FaultySource(PostgresCluster cluster, PgBackRestRepository repository, String lacking, String index, String page)
        implements AutoCloseable {

    /** What a configuration needs besides the repository's path. */
    static final String CIPHER = "repo1-cipher-type=aes-256-cbc\nrepo1-cipher-pass=open-sesame";

    private static final int PAGE = 8192;

    static FaultySource made() {
        PostgresCluster cluster = PostgresCluster.builder().archiving().start();
        PgBackRestRepository repository = PgBackRestRepository.configured(
                cluster,
                Grounds.STANZA,
                Map.of("repo1-cipher-type", "aes-256-cbc", "repo1-cipher-pass", "open-sesame"));
        repository.stanzaCreate();
        useMissingLibrary(cluster);
        String lacking = repository.backup("full");
        cluster.sql("drop table priced");
        hideRowsFromIndex(cluster);
        String index = repository.backup("incr");
        damagePage(cluster);
        String page = repository.backup("incr");
        return new FaultySource(cluster, repository, lacking, index, page);
    }

    /** PostgreSQL does not let anyone create such a function; on another host it is what an extension looks like. */
    private static void useMissingLibrary(PostgresCluster cluster) {
        cluster.sql("create table priced as select n from generate_series(1, 100) n");
        cluster.sql("create function twice(int) returns int immutable language sql as 'select $1 * 2'");
        cluster.sql("create index on priced (twice(n))");
        cluster.sql("""
                update pg_proc set probin = '$libdir/no_such_library', prosrc = 'twice',
                  prolang = (select oid from pg_language where lanname = 'c')
                where proname = 'twice'""");
    }

    private static void hideRowsFromIndex(PostgresCluster cluster) {
        cluster.sql("create table listed (n int)");
        cluster.sql("create index listed_n on listed (n)");
        cluster.sql("update pg_index set indisready = false where indexrelid = 'listed_n'::regclass");
        cluster.sql("insert into listed select generate_series(1, 100)");
        cluster.sql("update pg_index set indisready = true where indexrelid = 'listed_n'::regclass");
    }

    private static void damagePage(PostgresCluster cluster) {
        cluster.sql("create table item as select n, repeat('x', 200) as text from generate_series(1, 5000) n");
        String file = cluster.sql("select pg_relation_filepath('item')").getFirst();
        cluster.stop();
        flip(cluster.dataDirectory().resolve(file));
        cluster.start();
    }

    private static void flip(Path file) {
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
