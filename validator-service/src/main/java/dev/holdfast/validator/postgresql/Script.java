package dev.holdfast.validator.postgresql;

/**
 * The few shell texts that run inside the sandbox, each to save several round trips. They are constants: whatever varies
 * reaches them as an argument.
 */
enum Script {
    /** $1 workspace, $2 repository: makes the folders and files that a restore needs, and shows how the sandbox looks. */
    PREPARE("""
            set -eu
            umask 077
            mkdir -p "$1/data" "$1/lock" "$1/spool" "$1/log" "$1/run" "$1/etc" "$1/tablespaces"
            echo 'local all all trust' > "$1/etc/pg_hba.conf"
            : > "$1/etc/pg_ident.conf"
            : > "$1/etc/postgresql.conf"
            echo "user $(id -u):$(id -g)"
            echo "postgres $(postgres --version)"
            echo "free $(stat -f -c '%a %S' "$1")"
            if [ -w "$2" ]; then echo 'repository writable'; else echo 'repository read-only'; fi
            sed 's/^/status /' /proc/self/status
            sed 's/^/net /' /proc/net/dev
            sed 's/^/mount /' /proc/self/mountinfo
            """),

    /**
     * $1 socket folder, $2 role, $3 options of each session: one line about the server, one for each database. The name goes by environment, because
     * psql would read one with an equals sign as a connection string.
     */
    ASK("""
            set -u
            export PGHOST="$1" PGPORT=5432 PGUSER="$2" PGOPTIONS="$3"
            PGDATABASE=template1 psql -wAtqX -F ' ' -v ON_ERROR_STOP=1 -c "select 'server', current_setting('server_version'), pg_is_in_recovery(), coalesce(pg_last_wal_replay_lsn()::text, 'none')" || exit 1
            PGDATABASE=template1 psql -wAtqX -v ON_ERROR_STOP=1 -c "select datname from pg_database where datallowconn order by datname" > /tmp/databases.$$ || exit 1
            while IFS= read -r name; do
              if answer=$(PGDATABASE="$name" psql -wAtqX -F ' ' -v ON_ERROR_STOP=1 -c "select count(*), coalesce(sum(greatest(reltuples, 0)), 0)::bigint, pg_database_size(current_database()) from pg_class where relkind in ('r','p','m')" 2>&1 < /dev/null)
              then echo "database $answer $name"
              else echo "unanswered $name: $answer"
              fi
            done < /tmp/databases.$$
            rm -f /tmp/databases.$$
            """),

    /** What the kernel's memory controller killed, for both versions of cgroups. */
    MEMORY_EVENTS("""
            cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null
            true
            """);

    private final String text;

    Script(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
