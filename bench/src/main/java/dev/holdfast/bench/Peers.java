package dev.holdfast.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.holdfast.schemas.KafkaConnection;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Properties;
import org.quartz.CronScheduleBuilder;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;

/**
 * The storm with other schedulers: as many jobs in PostgreSQL, due at the same instant, each with a next turn tomorrow. Both
 * peers are set for speed: many threads, large batches, short polls.
 *
 * <p>Arguments: {@code db-scheduler|quartz JDBC_URL N}. A tenth of the jobs fires once before, to warm the program up.
 */
public final class Peers {

    private static final PrintStream OUT = System.out;
    private static final int THREADS = 16;
    private static final int WARM_UP = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String EFFECT = "effect";

    private Peers() {}

    /** Runs the peer that the arguments name, and prints what {@link Fires#statistics} says. */
    public static void main(String[] args) throws Exception {
        KafkaConnection connection = KafkaConnection.from(System.getenv());
        int jobs = Integer.parseInt(args[2]);
        run(connection, args[0], args[1], Math.max(1, jobs / WARM_UP));
        OUT.println(run(connection, args[0], args[1], jobs));
    }

    private static String run(KafkaConnection connection, String peer, String url, int jobs) throws Exception {
        // time enough to store them all
        Duration lead = Duration.ofSeconds(5 + jobs / 10_000);
        String topic = "bench.%s.%d".formatted(peer, System.currentTimeMillis());
        try (PeerDatabase database = new PeerDatabase(url);
                PeerEffect effect = new PeerEffect(connection, topic);
                FireWatch watch = new FireWatch(connection, topic, PeerEffect.PARTITIONS)) {
            return switch (peer) {
                case "db-scheduler" -> dbScheduler(database, effect, watch, jobs, lead);
                case "quartz" -> quartz(database, effect, watch, jobs, lead);
                default -> throw new IllegalArgumentException("no such peer: " + peer);
            };
        }
    }

    private static String dbScheduler(
            PeerDatabase database, PeerEffect effect, FireWatch watch, int jobs, Duration lead) {
        database.run("""
                drop table if exists scheduled_tasks;
                create table scheduled_tasks (
                  task_name text not null, task_instance text not null, task_data bytea,
                  execution_time timestamptz not null, picked boolean not null, picked_by text,
                  last_success timestamptz, last_failure timestamptz, consecutive_failures int,
                  last_heartbeat timestamptz, version bigint not null, priority smallint,
                  primary key (task_name, task_instance));
                create index on scheduled_tasks (execution_time);
                create index on scheduled_tasks (last_heartbeat)""");
        Instant due = inWholeSeconds(Instant.now().plus(lead));
        database.run("""
                insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
                select 'fire', 's-' || i, '%s', false, 1 from generate_series(0, %d) i""".formatted(Timestamp.from(due).toInstant(), jobs - 1));
        database.run("vacuum analyze scheduled_tasks");
        Task<Void> fire = Tasks.custom("fire", Void.class).execute((instance, context) -> {
            effect.fire(instance.getId());
            return new CompletionHandler.OnCompleteReschedule<>(FixedDelay.ofHours(24));
        });
        Scheduler scheduler = Scheduler.create(database.pool(), fire)
                .threads(THREADS)
                .pollingInterval(Duration.ofMillis(100))
                .pollUsingLockAndFetch(0.5, 4.0)
                .build();
        requireAhead(due);
        scheduler.start();
        try {
            return statistics(jobs, due, watch);
        } finally {
            scheduler.stop();
        }
    }

    private static String quartz(PeerDatabase database, PeerEffect effect, FireWatch watch, int jobs, Duration lead)
            throws SchedulerException, IOException {
        try (InputStream tables =
                org.quartz.Scheduler.class.getResourceAsStream("/org/quartz/impl/jdbcjobstore/tables_postgres.sql")) {
            if (tables == null) {
                throw new IllegalStateException("Quartz' jar holds no tables_postgres.sql");
            }
            database.run(new String(tables.readAllBytes(), StandardCharsets.UTF_8));
        }
        org.quartz.Scheduler scheduler = new StdSchedulerFactory(quartzSettings(database)).getScheduler();
        try {
            scheduler.getContext().put(EFFECT, effect);
            Instant due = inWholeSeconds(Instant.now().plus(lead));
            var time = due.atOffset(ZoneOffset.UTC);
            scheduler.scheduleJob(
                    JobBuilder.newJob(Fire.class).withIdentity("fire").build(),
                    TriggerBuilder.newTrigger()
                            .withIdentity("s-0")
                            .withSchedule(CronScheduleBuilder.cronSchedule("%d %d %d * * ?"
                                            .formatted(time.getSecond(), time.getMinute(), time.getHour()))
                                    .inTimeZone(java.util.TimeZone.getTimeZone("UTC")))
                            .build());
            multiply(database, jobs);
            requireAhead(due);
            scheduler.start();
            return statistics(jobs, due, watch);
        } finally {
            scheduler.shutdown();
        }
    }

    /** Stores copies of the first trigger: through Quartz' own door it takes minutes. */
    private static void multiply(PeerDatabase database, int jobs) {
        database.run("""
                create temporary table one as select * from qrtz_triggers where trigger_name = 's-0';
                create temporary table its_cron as select * from qrtz_cron_triggers where trigger_name = 's-0';
                insert into qrtz_triggers select (jsonb_populate_record(null::qrtz_triggers,
                  to_jsonb(one) - 'job_data' || jsonb_build_object('trigger_name', 's-' || i))).* from one, generate_series(1, %1$d) i;
                insert into qrtz_cron_triggers select (jsonb_populate_record(null::qrtz_cron_triggers,
                  to_jsonb(its_cron) || jsonb_build_object('trigger_name', 's-' || i))).* from its_cron, generate_series(1, %1$d) i;
                drop table one;
                drop table its_cron""".formatted(jobs - 1));
        database.run("vacuum analyze qrtz_triggers");
        database.run("vacuum analyze qrtz_cron_triggers");
    }

    private static Properties quartzSettings(PeerDatabase database) {
        Properties settings = new Properties();
        settings.putAll(java.util.Map.ofEntries(
                java.util.Map.entry("org.quartz.scheduler.instanceName", "bench"),
                java.util.Map.entry("org.quartz.scheduler.instanceId", "AUTO"),
                java.util.Map.entry("org.quartz.scheduler.batchTriggerAcquisitionMaxCount", String.valueOf(THREADS)),
                java.util.Map.entry("org.quartz.scheduler.idleWaitTime", "1000"),
                java.util.Map.entry("org.quartz.threadPool.threadCount", String.valueOf(THREADS)),
                java.util.Map.entry("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX"),
                java.util.Map.entry(
                        "org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate"),
                java.util.Map.entry("org.quartz.jobStore.isClustered", "true"),
                java.util.Map.entry("org.quartz.jobStore.acquireTriggersWithinLock", "true"),
                // being late is what is measured, not a reason to skip
                java.util.Map.entry("org.quartz.jobStore.misfireThreshold", "3600000"),
                java.util.Map.entry("org.quartz.jobStore.dataSource", "peers"),
                java.util.Map.entry("org.quartz.dataSource.peers.driver", "org.postgresql.Driver"),
                java.util.Map.entry(
                        "org.quartz.dataSource.peers.URL", database.pool().getJdbcUrl()),
                java.util.Map.entry("org.quartz.dataSource.peers.provider", "hikaricp"),
                java.util.Map.entry(
                        "org.quartz.dataSource.peers.maximumPoolSize", String.valueOf(PeerDatabase.CONNECTIONS))));
        return settings;
    }

    /** A job of Quartz, which makes it anew for each fire. */
    public static final class Fire implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            try {
                if (!(context.getScheduler().getContext().get(EFFECT) instanceof PeerEffect effect)) {
                    throw new IllegalStateException("the context of Quartz' scheduler holds no effect");
                }
                effect.fire(context.getTrigger().getKey().getName());
            } catch (SchedulerException e) {
                throw new IllegalStateException("Quartz has lost its context", e);
            }
        }
    }

    private static String statistics(int jobs, Instant due, FireWatch watch) {
        return new Fires(jobs, watch.await(jobs, due.plus(PATIENCE)), job -> due)
                .counted()
                .statistics();
    }

    private static Instant inWholeSeconds(Instant instant) {
        return Instant.ofEpochSecond(instant.getEpochSecond());
    }

    private static void requireAhead(Instant due) {
        if (!Instant.now().isBefore(due)) {
            throw new IllegalStateException(
                    "storing the jobs took longer than the lead: the machine is too slow for so many");
        }
    }
}
