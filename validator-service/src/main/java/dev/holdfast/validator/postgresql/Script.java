package dev.holdfast.validator.postgresql;

/**
 * The few shell texts that run inside the sandbox, each to save several round trips. They are constants: whatever varies
 * reaches them as an argument.
 */
enum Script {
    /** $1 workspace, $2 repository's folder, empty if it is elsewhere: makes the folders and files that a restore needs, and shows how the sandbox looks. */
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
            for program in pgbackrest postgres sha256sum sha1sum grep timeout stdbuf; do
              command -v "$program" > /dev/null || echo "lacks $program"
            done
            # Debian's wrappers of these are there without what they wrap
            for program in psql pg_controldata pg_ctl pg_dumpall pg_dump pg_amcheck pg_checksums; do
              "$program" --version > /dev/null 2>&1 || echo "lacks $program"
            done
            # links of the repository that lead out of what is mounted; pgBackRest's own to the latest backup stays in its folder, also when that backup is gone
            if [ -n "$2" ]; then
              for link in "$2"/* "$2"/*/* "$2"/*/*/*; do
                if [ -L "$link" ] && [ ! -e "$link" ]; then
                  case "$(readlink "$link")" in */*) echo "dangling $link -> $(readlink "$link")" ;; esac
                fi
              done
            fi
            if [ -z "$2" ]; then echo 'repository elsewhere'; elif [ -w "$2" ]; then echo 'repository writable'; else echo 'repository read-only'; fi
            sed 's/^/status /' /proc/self/status
            sed 's/^/net /' /proc/net/dev
            sed 's/^/mount /' /proc/self/mountinfo
            # both versions of cgroups
            for file in memory.max memory/memory.limit_in_bytes; do
              if [ -r "/sys/fs/cgroup/$file" ]; then echo "limit memory $(cat "/sys/fs/cgroup/$file")"; fi
            done
            for file in pids.max pids/pids.max; do
              if [ -r "/sys/fs/cgroup/$file" ]; then echo "limit processes $(cat "/sys/fs/cgroup/$file")"; fi
            done
            """),

    /**
     * $1 socket folder, $2 role, $3 options of each session: one line about the server, one for each database. The name goes by environment, because
     * psql would read one with an equals sign as a connection string.
     */
    ASK("""
            set -u
            export PGHOST="$1" PGPORT=5432 PGUSER="$2" PGOPTIONS="$3" PGDATABASE=template1
            ask() { psql -wAtqX -F ' ' -v ON_ERROR_STOP=1 "$@"; }
            server="select 'server', current_setting('server_version'), pg_is_in_recovery(), coalesce(pg_last_wal_replay_lsn()::text, 'none')"
            # production may have closed the one or the other
            if ! ask -c "$server"; then
              PGDATABASE=postgres
              ask -c "$server" || exit 1
            fi
            # what nobody may connect to there is read here, but for the template that PostgreSQL itself never opens, and for what a broken DROP DATABASE left
            ask -c "update pg_database set datallowconn = true where not datallowconn and datname <> 'template0'" \\
              -c "select datname from pg_database where datallowconn and datconnlimit <> -2 order by datname" > /tmp/databases.$$ || exit 1
            ask -c "select 'dropped', datname from pg_database where datconnlimit = -2 order by datname"
            while IFS= read -r name; do
              if answer=$(PGDATABASE="$name" ask -f - 2>&1 <<'SQL'
            select count(*), coalesce(sum(greatest(reltuples, 0)), 0)::bigint, pg_database_size(current_database()) from pg_class where relkind in ('r','p','m');
            -- pg_amcheck calls functions that a version of long ago does not have
            select 'alter extension amcheck update' from pg_available_extensions where name = 'amcheck' and installed_version <> default_version \\gexec
            SQL
              )
              then echo "database $answer $name"
              else echo "unanswered $name: $answer"
              fi
            done < /tmp/databases.$$
            rm -f /tmp/databases.$$
            """),

    /**
     * $1 socket folder, $2 role, $3 options of each session, $4 seconds, $5 SQL: runs it in each database, in order, until the
     * time is over. What is missing is said on standard error.
     */
    INVENTORY("""
            set -u
            export PGHOST="$1" PGPORT=5432 PGUSER="$2" PGOPTIONS="$3"
            end=$(($(date +%s) + $4))
            PGDATABASE=template1 psql -wAtqX -v ON_ERROR_STOP=1 -c "select datname from pg_database where datallowconn and not datistemplate order by datname" > /tmp/inventory.$$ || exit 1
            while IFS= read -r name; do
              left=$((end - $(date +%s)))
              if [ "$left" -le 0 ]; then echo "no time was left for database $name" >&2; continue; fi
              # line by line, or what was counted before the end of time is lost
              printf '%s\\n' "$5" | PGDATABASE="$name" timeout "$left" stdbuf -oL psql -wAtqX -v millis="${left}000" -f -
              status=$?
              if [ "$status" -eq 124 ]; then echo "the time was over within database $name" >&2; fi
            done < /tmp/inventory.$$
            rm -f /tmp/inventory.$$
            """),

    /** $1 socket folder, $2 superuser, $3 options, $4 the reader to make. */
    READER("""
            set -u
            export PGHOST="$1" PGPORT=5432 PGUSER="$2" PGOPTIONS="$3"
            PGDATABASE=template1 psql -wAtqX -v ON_ERROR_STOP=1 -v reader="$4" -f - <<'SQL'
            create role :"reader" login bypassrls connection limit 2;
            alter role :"reader" set temp_file_limit = '2GB';
            grant pg_read_all_data to :"reader";
            SQL
            """),

    /** $1 socket folder, $2 superuser, $3 options, $4 reader, $5 database, $6 SQL: makes the database safe to be asked. */
    READY("""
            set -u
            export PGHOST="$1" PGPORT=5432 PGUSER="$2" PGOPTIONS="$3" PGDATABASE="$5"
            printf '%s\\n' "$6" | psql -wAtqX -1 -v ON_ERROR_STOP=1 -v reader="$4" -f -
            """),

    /** $1 socket folder, $2 reader, $3 options, $4 database, $5 seconds, $6 question. The question is a value, never a statement of psql's. */
    QUESTION("""
            set -u
            export PGHOST="$1" PGPORT=5432 PGUSER="$2" PGOPTIONS="$3" PGDATABASE="$4"
            exec timeout "$5" psql -wAtqX -v ON_ERROR_STOP=1 -v VERBOSITY=verbose -v reader="$2" -v question="$6" -f - <<'SQL'
            begin transaction read only;
            select :"reader".answer(:'question');
            rollback;
            SQL
            """),

    /**
     * $1 socket folder, $2 role, $3 options of each session: the text orders that indexes were built with and that this machine's
     * libraries know in another version.
     */
    COLLATIONS("""
            set -u
            export PGHOST="$1" PGPORT=5432 PGUSER="$2" PGOPTIONS="$3"
            PGDATABASE=template1 psql -wAtqX -v ON_ERROR_STOP=1 -c "select datname from pg_database where datallowconn order by datname" > /tmp/collations.$$ || exit 1
            while IFS= read -r name; do
              PGDATABASE="$name" psql -wAtqX -v ON_ERROR_STOP=1 -f - <<'SQL'
            select format('%s: collation %s was %s, is %s', current_database(), collname, collversion, pg_collation_actual_version(oid))
            from pg_collation c
            where collversion <> pg_collation_actual_version(oid)
              and exists (select from pg_index where c.oid = any (string_to_array(indcollation::text, ' ')::oid[]));
            select :SERVER_VERSION_NUM >= 150000 as versioned \\gset
            \\if :versioned
            select format('%s: its own collation was %s, is %s', datname, datcollversion, pg_database_collation_actual_version(oid))
            from pg_database
            where datname = current_database() and datcollversion <> pg_database_collation_actual_version(oid);
            \\endif
            SQL
            done < /tmp/collations.$$
            rm -f /tmp/collations.$$
            """),

    /** $1 workspace: writes a file and some blocks of it, for a file system may be out of the one or of the other. */
    SPACE("""
            : > "$1/room" && head -c 1048576 /dev/zero > "$1/room"
            rm -f "$1/room"
            """),

    /** What the kernel's memory controller killed, for both versions of cgroups. Starts no program, which might be killed in its turn. */
    MEMORY_EVENTS("""
            for events in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
              if [ -r "$events" ]; then
                while read -r line; do printf '%s\\n' "$line"; done <"$events"
              fi
            done
            """);

    private final String text;

    Script(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
