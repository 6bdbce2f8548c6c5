package dev.holdfast.validator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testsupport.CertificateAuthority;
import dev.holdfast.testsupport.PgBackRestRepository;
import dev.holdfast.testsupport.PostgresCluster;
import dev.holdfast.testsupport.TlsTransport;
import dev.holdfast.testsupport.Transport;
import dev.holdfast.validator.proof.ProofReport;
import dev.holdfast.validator.proof.Reason;
import dev.holdfast.validator.proof.Target;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Proofs of a repository on a host of its own: from elsewhere over pgBackRest's TLS server, and on that host itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepositoryHostIT {

    private static final Target LATEST = new Target.Latest();

    private final Prover prover = new Prover();
    private final CertificateAuthority authority = CertificateAuthority.create();
    private final PostgresCluster cluster =
            PostgresCluster.builder().archiving().start();
    private final TlsTransport transport = new TlsTransport(authority);
    private PgBackRestRepository repository;
    private String label;

    @BeforeAll
    void backUp() {
        repository = PgBackRestRepository.createOnItsOwnHost(
                transport, cluster, Grounds.STANZA, Map.of("repo1-retention-full", "2"));
        label = repository.backup("full");
        repository.switchWal();
        repository.archiveListing();
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(prover.left()).isEmpty();
    }

    @AfterAll
    void close() {
        transport.close();
        repository.close();
        cluster.close();
        authority.close();
    }

    @Test
    void aRepositoryIsProvenOverTls() {
        ProofReport report = prover.prove(elsewhere(), LATEST, label);

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
        assertThat(report.sandbox().orElseThrow().network())
                .isEqualTo("none, but one way to repository host over TLS at localhost:"
                        + transport.port(Transport.Host.REPOSITORY));
    }

    @Test
    void aRepositoryIsProvenOnItsOwnHostAlthoughTheClusterIsOnAnother() {
        ProofReport report = prover.prove(repository.configuration(), LATEST, label);

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.OK);
        assertThat(report.sandbox().orElseThrow().network()).isEqualTo("none");
    }

    @Test
    void aServerThatDoesNotAnswerIsUnreachable() {
        transport.stop(Transport.Host.REPOSITORY);
        ProofReport report;
        try {
            report = prover.prove(elsewhere(), LATEST, label);
        } finally {
            transport.start(Transport.Host.REPOSITORY, repository.configuration());
        }

        assertThat(report.conclusion().reason()).as(report.toString()).isEqualTo(Reason.REPOSITORY_UNREACHABLE);
        assertThat(report.conclusion().message()).contains("Connection refused");
    }

    /** As on a third host, which has a certificate and no repository. */
    private Path elsewhere() {
        return repository.databaseConfiguration();
    }
}
