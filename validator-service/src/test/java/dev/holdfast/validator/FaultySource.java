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
 * @param order label of a backup with the same index, in a text order that no image has
 * @param locale label of a backup with a database whose locale no image has
 * @param page label of a backup with a page that was damaged on disk
 */
record FaultySource(
        PostgresCluster cluster,
        PgBackRestRepository repository,
        String lacking,
        String index,
        String order,
        String locale,
        String page)
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
        forgetOrder(cluster);
        String order = repository.backup("incr");
        cluster.sql("drop table listed");
        useMissingLocale(cluster);
        String locale = repository.backup("incr");
        cluster.sql("drop database abroad");
        damagePage(cluster);
        String page = repository.backup("incr");
        return new FaultySource(cluster, repository, lacking, index, order, locale, page);
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

    /** As if the cluster came from a machine with another version of the library that orders text. */
    private static void forgetOrder(PostgresCluster cluster) {
        cluster.sql("alter table listed add column name text collate \"en-x-icu\"");
        cluster.sql("create index on listed (name)");
        cluster.sql("update pg_collation set collversion = '1.0' where collname = 'en-x-icu'");
    }

    /** As if the database had been made where that locale is. */
    private static void useMissingLocale(PostgresCluster cluster) {
        cluster.createDatabase("abroad");
        cluster.sql(
                "update pg_database set datcollate = 'tlh_QO.UTF-8', datctype = 'tlh_QO.UTF-8' where datname = 'abroad'");
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
