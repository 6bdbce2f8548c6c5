package dev.holdfast.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.testsupport.Command;
import dev.holdfast.testsupport.FreePorts;
import dev.holdfast.testsupport.KafkaBroker;
import dev.holdfast.testsupport.SchemaRegistryProcess;
import dev.holdfast.testsupport.outside.Folders;
import dev.holdfast.testsupport.outside.Page;
import dev.holdfast.testsupport.outside.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Debian packages: built, looked at, installed on a Debian that has no Java, used, upgraded, removed and purged. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DebPackagesIT {

    private static final List<String> SERVICES = List.of("runner", "scheduler", "catalog", "validator");
    private static final List<String> PARTS = List.of("runtime", "cli", "runner", "scheduler", "catalog", "validator");

    /** What {@code systemd-analyze security} may say at most; it calls 2.0 and less good. */
    private static final double EXPOSURE = 2.0;

    private static final Pattern EXPOSED = Pattern.compile("Overall exposure level for (\\S+): (\\S+)");
    private static final Path ROOT = Path.of(System.getProperty("holdfast.root"));
    private static final Path SAMPLES = ROOT.resolve("deploy/systemd/samples");

    /** With it the packages are built on the host itself, from the mounted checkout. */
    private static final Path JDK = Path.of(System.getProperty("java.home"));

    private final DebPackages packages = DebPackages.built();

    @AfterAll
    void remove() {
        packages.close();
    }

    @Test
    void systemdFindsNothingToFaultInTheUnitsAndTheServicesAreWellShutIn() throws IOException {
        Path root = packages.unpacked();
        Path units = root.resolve("lib/systemd/system");
        Command.output(List.of("sh", "-c", "cp /lib/systemd/system/*.target /lib/systemd/system/*.slice " + units));
        Command.output(List.of(
                "sh", "-c", "cp %s/*@.* %s && cp /bin/true %s/usr/bin/pgbackrest".formatted(SAMPLES, units, root)));
        List<String> names = new ArrayList<>(
                SERVICES.stream().map("holdfast-%s.service"::formatted).toList());
        names.addAll(List.of("pgbackrest-full@mcpgov.timer", "pgbackrest-diff@mcpgov.timer"));

        List<String> verify = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no", "--root=" + root));
        verify.addAll(names);
        Command.Ended verified = Command.run(verify, Map.of());

        assertThat(verified.exitCode()).as(verified.stderr()).isZero();
        assertThat(verified.stderr()).isEmpty();
        assertThat(exposures(units))
                .containsOnlyKeys(
                        "holdfast-runner.service",
                        "holdfast-scheduler.service",
                        "holdfast-catalog.service",
                        "holdfast-validator.service");
        assertThat(exposures(units).values())
                .allSatisfy(level -> assertThat(level).isLessThanOrEqualTo(EXPOSURE));
    }

    private static Map<String, Double> exposures(Path units) {
        Map<String, Double> levels = new LinkedHashMap<>();
        for (String service : SERVICES) {
            String said = Command.output(List.of(
                    "systemd-analyze",
                    "security",
                    "--no-pager",
                    "--offline=true",
                    units.resolve("holdfast-%s.service".formatted(service)).toString()));
            Matcher exposed = EXPOSED.matcher(said);
            assertThat(exposed.find()).as(said).isTrue();
            levels.put(exposed.group(1), Double.valueOf(exposed.group(2)));
        }
        return levels;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgbackrest-full@.timer", "pgbackrest-diff@.timer"})
    void aTimersHoursAreUtcWhateverTheHostsZoneIs(String timer) throws IOException {
        UnitFile unit = UnitFile.parsed(timer, Files.readString(SAMPLES.resolve(timer)));

        String said = Command.output(List.of("systemd-analyze", "calendar", unit.required("OnCalendar")));

        assertThat(said).contains("Normalized form: " + unit.required("OnCalendar"));
        assertThat(unit.required("OnCalendar")).endsWith(" UTC");
    }

    @Test
    void aPackageHasNativeLibrariesOfItsOwnSystemAloneAndListsItsJarsAsTheyAre() throws IOException {
        Path root = packages.unpacked();
        for (String part : List.of("cli", "runner", "scheduler", "catalog", "validator")) {
            Path libraries = root.resolve("usr/lib/holdfast/%s/app/lib".formatted(part));
            String bill = Folders.text(root.resolve("usr/share/doc/holdfast-%s/sbom.json".formatted(part)));

            assertThat(Command.output(List.of("sh", "-c", "sha256sum %s/*.jar | cut -c1-64".formatted(libraries)))
                            .lines())
                    .isNotEmpty()
                    .allSatisfy(digest -> assertThat(bill).contains(digest));
            for (Path jar : Folders.filesIn(libraries)) {
                assertThat(nativeLibraries(jar))
                        .noneMatch(path -> path.matches("(?i).*(darwin|win32|aix|bsd|musl|ppc|s390|jnilib|dll).*"));
            }
        }
    }

    private static List<String> nativeLibraries(Path jar) throws IOException {
        try (ZipFile entries = new ZipFile(jar.toFile())) {
            return entries.stream()
                    .map(ZipEntry::getName)
                    .filter(path -> path.matches("(?i).*\\.(so|dll|dylib|jnilib|a)"))
                    .toList();
        }
    }

    @Test
    void theSamplesAreWhatTheGuideTellsToWrite() {
        List<String> written = Page.steps("guide/on-a-host.md").stream()
                .flatMap(step -> step instanceof Page.Content content ? Stream.of(content.text()) : Stream.empty())
                .toList();

        assertThat(written)
                .containsExactly(
                        Folders.text(SAMPLES.resolve("pgbackrest.conf")),
                        Folders.text(SAMPLES.resolve("archive.conf")));
    }

    @Test
    void theGuideLeadsFromABareDebianToABackupThatWasAskedForOverKafkaAndBackToABareDebian() {
        try (KafkaBroker broker = KafkaBroker.ownBroker();
                SchemaRegistryProcess registry = SchemaRegistryProcess.ownRegistry();
                TargetHost host = new TargetHost(List.of(ROOT, JDK))) {
            theEngineHasItsGroup(host);
            theJdkIsWhole(host);
            for (Page.Step step : Page.steps("guide/on-a-host.md")) {
                follow(host, step, Map.of());
            }
            Addresses site = new Addresses(host, broker, registry);

            installWithAnOlderRunner(host);
            assertThat(host.run("ls /etc/systemd/system/*/holdfast* 2>/dev/null || true"))
                    .as("nothing is enabled by an installation")
                    .isEmpty();
            wrongSettingsAreNamed(host);

            List<Page.Step> steps = new ArrayList<>(Page.steps("guide/packages.md"));
            Page.Step backup = steps.stream()
                    .filter(DebPackagesIT::asksForABackup)
                    .findFirst()
                    .orElseThrow();
            steps.subList(0, steps.indexOf(backup)).forEach(step -> follow(host, step, site.addresses()));
            site.addPorts();
            thePagesConfigurationHasNothingThatDoctorFaults(host);
            anUpgradeKeepsSettingsThatWereChanged(host);

            Map<String, InstalledService> services = site.startAll();
            steps.subList(steps.indexOf(backup), steps.size()).forEach(step -> follow(host, step, site.addresses()));
            theSamplesMakeABackupThatIsDiscovered(host);

            services.forEach((name, service) -> assertThat(service.stop())
                    .as("%s after SIGTERM%n%s", name, service.log())
                    .isIn(0, Integer.parseInt(host.unit(name).required("SuccessExitStatus"))));
            removedAPackageLeavesItsSettingsAndPurgedNothing(host);
        }
    }

    /** As on a host with Docker: who is in this group may use the engine, and the package puts the validator there. */
    private static void theEngineHasItsGroup(TargetHost host) {
        String group = Command.output(List.of("stat", "--format=%g", "/var/run/docker.sock"))
                .strip();
        host.run("groupadd --non-unique --gid %s docker".formatted(group));
    }

    /** A JDK from a Debian package has its authorities' certificates outside of its own folder. */
    private static void theJdkIsWhole(TargetHost host) {
        String found = Command.output(List.of("readlink", "-f", JDK + "/lib/security/cacerts"));
        Path certificates = Path.of(found.strip());
        if (!certificates.startsWith(JDK)) {
            host.run("mkdir -p " + certificates.getParent());
            host.copy(certificates, certificates.toString());
        }
    }

    private static boolean asksForABackup(Page.Step step) {
        return step instanceof Page.Commands commands && commands.text().startsWith("holdfast backup");
    }

    private void installWithAnOlderRunner(TargetHost host) {
        host.copy(packages.older("runner", "# an older version's settings\n"), "/tmp/older.deb");
        packages.files().forEach(file -> host.copy(file, "/tmp/"));
        host.run("rm /tmp/holdfast-runner_*.deb && dpkg --install /tmp/*.deb");
        host.copy(packages.of("runner"), "/tmp/");
        assertThat(host.run("dpkg-query --show --showformat='${Version}' holdfast-runner"))
                .isEqualTo("0.0.1");
        assertThat(host.run("ls -l /usr/bin/java 2>/dev/null || true")).isEmpty();
        assertThat(host.run("stat -c '%U:%G %a' /etc/holdfast/runner.env /etc/holdfast/secrets/catalog"))
                .isEqualTo("root:postgres 640\nroot:root 700\n");
        assertThat(host.run("holdfast --version")).startsWith("holdfast ");
        assertThat(host.run("set +u; source /usr/share/bash-completion/completions/holdfast && complete -p holdfast"))
                .contains("_complete_holdfast");
    }

    private static void wrongSettingsAreNamed(TargetHost host) {
        String open = "HOLDFAST_BIND";
        InstalledService runner = host.start(host.unit("holdfast-runner.service"), Map.of());
        InstalledService validator = host.start(host.unit("holdfast-validator.service"), Map.of());
        InstalledService scheduler = host.start(host.unit("holdfast-scheduler.service"), Map.of(open, "0.0.0.0"));
        InstalledService catalog = host.start(host.unit("holdfast-catalog.service"), Map.of(open, "0.0.0.0"));

        assertThat(runner.end()).as(runner.log()).isEqualTo(2);
        assertThat(host.unit("holdfast-runner.service").words("RestartPreventExitStatus"))
                .contains("2");
        assertThat(runner.log()).contains("HOLDFAST_RUNNER_STANZAS");
        assertThat(validator.end()).as(validator.log()).isNotZero();
        assertThat(validator.log()).contains("HOLDFAST_VALIDATOR_STANZAS");
        assertThat(scheduler.end()).as(scheduler.log()).isNotZero();
        assertThat(scheduler.log()).contains(open).contains("HOLDFAST_OIDC_ISSUER");
        assertThat(catalog.end()).as(catalog.log()).isNotZero();
        assertThat(catalog.log()).contains(open).contains("HOLDFAST_OIDC_ISSUER");
    }

    private static void thePagesConfigurationHasNothingThatDoctorFaults(TargetHost host) {
        Command.Ended doctor = host.attempt("holdfast doctor --host-only --output json");

        assertThat(doctor.exitCode()).as(doctor.stdout() + doctor.stderr()).isZero();
        assertThat(findings(doctor.stdout()))
                .singleElement()
                .asString()
                // a container has one disk only
                .contains("is on the same disk as the cluster");
    }

    /** What doctor has to say against the host. */
    private static List<String> findings(String answer) {
        try {
            List<String> faults = new ArrayList<>();
            for (JsonNode finding : new ObjectMapper().readTree(answer).path("items")) {
                if (finding.path("outcome").asText().matches("ERROR|WARNING")) {
                    faults.add(finding.path("found").asText());
                }
            }
            return faults;
        } catch (IOException e) {
            throw new AssertionError("doctor answered no JSON: " + answer, e);
        }
    }

    private void anUpgradeKeepsSettingsThatWereChanged(TargetHost host) {
        String changed = host.run("cat /etc/holdfast/runner.env");

        String said = host.run("""
                export JAVA_HOME=%s SOURCE_DATE_EPOCH=%s
                %s/deploy/systemd/install --yes --kafka other:9092 --registry http://other:8081 --stanzas other
                """.formatted(JDK, DebPackages.TIME.get("SOURCE_DATE_EPOCH"), ROOT));

        assertThat(said).contains("Ready").contains("no systemd runs here");
        builtElsewhereThePackagesAreTheSameToTheByte(host);
        assertThat(host.run("dpkg-query --show --showformat='${Version}' holdfast-runner"))
                .isNotEqualTo("0.0.1");
        assertThat(host.run("cat /etc/holdfast/runner.env"))
                .isEqualTo(changed)
                .contains("HOLDFAST_RUNNER_STANZAS=mcpgov");
    }

    private void builtElsewhereThePackagesAreTheSameToTheByte(TargetHost host) {
        String there = host.run("""
                export JAVA_HOME=%s SOURCE_DATE_EPOCH=%s
                cd %s/deploy/systemd
                ./build-debs scheduler catalog validator >&2
                cd target/debs
                sha256sum *.deb
                """.formatted(JDK, DebPackages.TIME.get("SOURCE_DATE_EPOCH"), ROOT));

        assertThat(there).isEqualTo(packages.digests());
    }

    private static void theSamplesMakeABackupThatIsDiscovered(TargetHost host) {
        UnitFile unit = UnitFile.parsed(
                "pgbackrest-diff@mcpgov.service", host.run("cat /etc/systemd/system/pgbackrest-diff@.service"));

        host.run("runuser -u %s -- %s"
                .formatted(unit.required("User"), unit.required("ExecStart").replace("%i", "mcpgov")));

        String label = host.run(
                        "runuser -u postgres -- pgbackrest --stanza=mcpgov --log-level-console=off info | grep -o"
                                + " '[0-9F-]*_[0-9-]*D' | tail -n 1")
                .strip();
        assertThat(label).isNotEmpty();
        Patience.until(
                "the runner's look into the repository",
                () -> assertThat(host.run("holdfast list mcpgov")).contains(label));
    }

    private static void removedAPackageLeavesItsSettingsAndPurgedNothing(TargetHost host) {
        host.run("dpkg --remove holdfast-runner");
        assertThat(host.run("cat /etc/holdfast/runner.env")).contains("HOLDFAST_RUNNER_STANZAS=mcpgov");
        host.run("touch /var/lib/holdfast/runner/spool/unsent.fact");

        Command.Ended purged = host.attempt("dpkg --purge holdfast-runner");
        assertThat(purged.exitCode()).as(purged.stderr()).isZero();
        assertThat(purged.stderr()).contains("facts that have not reached Kafka");
        assertThat(host.run("find /var/lib/holdfast/runner -type f"))
                .isEqualTo("/var/lib/holdfast/runner/spool/unsent.fact\n");

        host.run("rm -r /var/lib/holdfast/runner /run/credentials");
        host.run("dpkg --purge %s"
                .formatted(String.join(
                        " ",
                        PARTS.reversed().stream()
                                .filter(part -> !part.equals("runner"))
                                .map("holdfast-"::concat)
                                .toList())));
        assertThat(host.run("find /etc /var /run /usr -xdev -iname '*holdfast*' ! -path /usr/lib/holdfast"))
                .isEmpty();
        assertThat(host.run("find /usr/lib/holdfast -type f")).isEmpty();
        assertThat(host.run("getent passwd | grep holdfast || true")).isEmpty();
        assertThat(host.run("runuser -u postgres -- pgbackrest --stanza=mcpgov info"))
                .contains("status: ok");
    }

    private static void follow(TargetHost host, Page.Step step, Map<String, String> addresses) {
        switch (Page.filled(step, addresses)) {
            case Page.Commands commands -> host.run(commands.place(), commands.text());
            case Page.Content content -> host.write(content.file(), content.text());
        }
    }

    /** Where everything is, in place of the page's examples. */
    private static final class Addresses {

        private final TargetHost host;
        private final Map<String, String> addresses;
        private final Map<String, Integer> ports = new LinkedHashMap<>();

        Addresses(TargetHost host, KafkaBroker broker, SchemaRegistryProcess registry) {
            this.host = host;
            String postgres =
                    host.run("pg_lsclusters --no-header | awk '{print $3}'").strip();
            addresses = Map.of(
                    "kafka.example.org:9092", broker.bootstrapServers(),
                    "http://registry.example.org:8081", registry.url(),
                    "127.0.0.1:5432", "127.0.0.1:" + postgres);
            SERVICES.forEach(part -> ports.put(part, FreePorts.next()));
        }

        Map<String, String> addresses() {
            return addresses;
        }

        /** Other ports than the usual ones, which somebody on this machine may use. */
        void addPorts() {
            ports.forEach((part, port) -> host.run("echo HOLDFAST_%s_PORT=%d >> /etc/holdfast/%s.env"
                    .formatted(part.toUpperCase(Locale.ROOT), port, part)));
            List.of("catalog", "scheduler")
                    .forEach(part -> host.run("echo HOLDFAST_%s=%s >> /etc/holdfast/cli.env"
                            .formatted(part.toUpperCase(Locale.ROOT), url(part))));
            // what the engine of this machine calls the folders of that host
            host.run("echo HOLDFAST_SANDBOX_VOLUMES=/var=%s >> /etc/holdfast/validator.env"
                    .formatted(host.volume("/var")));
            host.run("echo DOCKER_HOST=unix://%s >> /etc/holdfast/validator.env".formatted(InstalledService.ENGINE));
            // a runner looks into its repositories every ten minutes
            host.run("echo HOLDFAST_RUNNER_OBSERVE_EVERY=PT5S >> /etc/holdfast/runner.env");
        }

        private String url(String part) {
            return "http://127.0.0.1:" + ports.get(part);
        }

        /** Starts the services and waits until each is ready. */
        Map<String, InstalledService> startAll() {
            Map<String, InstalledService> services = new LinkedHashMap<>();
            ports.keySet().forEach(part -> {
                String name = "holdfast-%s.service".formatted(part);
                services.put(name, host.start(host.unit(name), Map.of()));
            });
            Iterator<String> parts = ports.keySet().iterator();
            services.values().forEach(service -> service.awaitReady(url(parts.next())));
            return services;
        }
    }
}
