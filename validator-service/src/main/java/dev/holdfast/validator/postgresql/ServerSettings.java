package dev.holdfast.validator.postgresql;

import dev.holdfast.validator.proof.DatabaseEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The command line of the restored server.
 *
 * <p>The restored folder may bring a {@code postgresql.conf}, and brings {@code postgresql.auto.conf}, with everything
 * production set by {@code ALTER SYSTEM}: the first is replaced by an empty file, and what the second could do is
 * overridden here, because only the command line wins over it.
 */
final class ServerSettings {

    private static final Map<String, String> CUT_OFF = Map.ofEntries(
            Map.entry("listen_addresses", ""),
            Map.entry("port", "5432"),
            Map.entry("archive_mode", "off"),
            Map.entry("archive_command", ""),
            Map.entry("archive_cleanup_command", ""),
            Map.entry("recovery_end_command", ""),
            Map.entry("primary_conninfo", ""),
            Map.entry("primary_slot_name", ""),
            Map.entry("synchronous_standby_names", ""),
            Map.entry("shared_preload_libraries", ""),
            Map.entry("session_preload_libraries", ""),
            Map.entry("local_preload_libraries", ""),
            Map.entry("max_logical_replication_workers", "0"),
            Map.entry("recovery_min_apply_delay", "0"),
            Map.entry("recovery_target_inclusive", "on"),
            Map.entry("unix_socket_permissions", "0700"),
            Map.entry("unix_socket_group", ""),
            Map.entry("ssl", "off"),
            Map.entry("jit", "off"));

    private static final Map<String, String> READABLE_LOG = Map.of(
            "logging_collector", "off",
            "log_destination", "stderr",
            "log_min_messages", "warning",
            "log_error_verbosity", "default",
            "log_line_prefix", "%m [%p] ",
            "log_timezone", "UTC",
            "lc_messages", "C",
            "log_statement", "none",
            "log_min_duration_statement", "-1",
            "timezone", "UTC");

    // a sandbox is thrown away, so nothing has to survive a power cut; autovacuum would change pages under the checks
    private static final Map<String, String> QUICK = Map.of(
            "fsync", "off",
            "full_page_writes", "off",
            "synchronous_commit", "off",
            "autovacuum", "off",
            "max_wal_size", "4GB",
            "checkpoint_timeout", "1h",
            "shared_buffers", "128MB",
            "maintenance_work_mem", "64MB",
            "huge_pages", "off",
            "wal_level", "replica");

    // with one of these PostgreSQL goes past damage as if it were none
    private static final Map<String, String> STRICT = Map.of(
            "zero_damaged_pages", "off",
            "ignore_checksum_failure", "off",
            "ignore_invalid_pages", "off",
            "ignore_system_indexes", "off");

    // what production's machine has and this one may not: a value that it refuses keeps the server from starting
    private static final Map<String, String> HERE = Map.of(
            "lc_monetary", "C",
            "lc_numeric", "C",
            "lc_time", "C",
            "max_stack_depth", "2MB",
            "dynamic_shared_memory_type", "posix",
            "shared_memory_type", "mmap",
            "min_dynamic_shared_memory", "0",
            "temp_tablespaces", "");

    private ServerSettings() {}

    /**
     * Program and arguments.
     *
     * @param timeline the one that recovery follows: a number, or {@code current} for the backup's own, whose history it then does not need
     */
    static List<String> commandLine(String workspace, DatabaseEngine.Control control, String timeline) {
        List<String> arguments = new ArrayList<>(List.of("postgres", "-D", workspace + "/data"));
        add(arguments, "config_file", workspace + "/etc/postgresql.conf");
        add(arguments, "hba_file", workspace + "/etc/pg_hba.conf");
        add(arguments, "ident_file", workspace + "/etc/pg_ident.conf");
        add(arguments, "unix_socket_directories", workspace + "/run");
        // it cannot be unset from here: an empty name is an error
        add(arguments, "external_pid_file", workspace + "/run/server.pid");
        add(arguments, "hot_standby", "on");
        add(arguments, "recovery_target_timeline", timeline);
        CUT_OFF.forEach((name, value) -> add(arguments, name, value));
        READABLE_LOG.forEach((name, value) -> add(arguments, name, value));
        QUICK.forEach((name, value) -> add(arguments, name, value));
        STRICT.forEach((name, value) -> add(arguments, name, value));
        HERE.forEach((name, value) -> add(arguments, name, value));
        control.settings().forEach(setting -> add(arguments, setting.name(), setting.value()));
        return List.copyOf(arguments);
    }

    private static void add(List<String> arguments, String name, String value) {
        arguments.add("-c");
        arguments.add(name + "=" + value);
    }
}
