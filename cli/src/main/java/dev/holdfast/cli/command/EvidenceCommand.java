package dev.holdfast.cli.command;

import dev.holdfast.cli.CommandFailure;
import dev.holdfast.cli.ExitStatus;
import dev.holdfast.cli.evidence.Envelope;
import dev.holdfast.cli.evidence.VerifyingKey;
import dev.holdfast.cli.json.Doc;
import dev.holdfast.cli.screen.Table;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast evidence}: what validators have signed. */
@Command(
        name = "evidence",
        description = "Check the signed evidence of restore tests: verify.",
        synopsisSubcommandLabel = "COMMAND")
final class EvidenceCommand extends Subcommand {

    EvidenceCommand(Session session) {
        super(session);
    }

    /** The command with its own command. */
    static CommandLine tree(Session session) {
        return new CommandLine(new EvidenceCommand(session)).addSubcommand("verify", new Verify(session));
    }

    @Override
    ExitStatus run() {
        throw CommandFailure.usage("evidence needs to know what to do: verify");
    }

    /** {@code evidence verify}: offline, so that it can be done years later and without Holdfast's services. */
    @Command(
            name = "verify",
            description = {
                "Check, offline, that a validator has signed this evidence, and show what it says.",
                "The exit status is 0 if the signature is the key's, whatever the verdict; else 1."
            })
    static final class Verify extends Subcommand {

        @Parameters(
                paramLabel = "FILE",
                description = "The evidence: a DSSE envelope as the catalog hands it out; - for stdin.")
        private String file = "";

        @Option(
                names = "--key",
                paramLabel = "KEY",
                required = true,
                description = "The validator's public key, a PEM file.")
        private String key = "";

        Verify(Session session) {
            super(session);
        }

        @Override
        ExitStatus run() {
            PublicKey signer = key(InputFile.read(key));
            InputFile evidence = InputFile.read(file);
            try {
                Envelope envelope = Envelope.read(evidence.text());
                if (!envelope.isSignedBy(signer)) {
                    throw CommandFailure.bad(
                            "%s is NOT signed by the key %s: it was changed, or another validator signed it"
                                    .formatted(evidence.name(), key));
                }
                Doc answer = Doc.empty().with("verified", true).with("statement", envelope.statement());
                answer(answer, told -> print(told.doc("statement")));
                return ExitStatus.GOOD;
            } catch (IOException e) {
                throw CommandFailure.bad("%s is not signed evidence: %s".formatted(evidence.name(), e.getMessage()));
            }
        }

        private static PublicKey key(InputFile pem) {
            try {
                return VerifyingKey.read(pem.text());
            } catch (GeneralSecurityException e) {
                throw CommandFailure.usage(
                        "%s is not an Ed25519 public key in PEM: %s".formatted(pem.name(), e.getMessage()));
            }
        }

        private void print(Doc statement) {
            console().data("the signature is good");
            Table facts = new Table("", "");
            for (Doc subject : statement.docs("subject")) {
                facts.row("subject", subject.cell("name"));
                facts.row("sha256", subject.cell("digest.sha256"));
            }
            for (String fact : List.of("verdict", "reason", "rung", "validator", "testId", "requestId", "finishedAt")) {
                facts.row(fact, statement.cell("predicate." + fact));
            }
            facts.printRows(console());
        }
    }
}
