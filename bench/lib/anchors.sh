# shellcheck shell=bash
# What the product is measured against: the same work without it.

# bare_backup: pgBackRest alone, full, on the stack's sample.
bare_backup() { as_database_user pgbackrest --config="$HOLDFAST_PGBACKREST_CONFIG" --stanza="$HOLDFAST_STANZA" --type=full --log-level-console=error backup; }

# bare_proof LABEL: restore, start to the target, and the validator's checks by a plain script in the validator's image with its limits.
bare_proof() {
  local image
  image=$(sandbox_image)
  docker run --rm --label "dev.holdfast.bench=$$" --network none --read-only --cap-drop ALL --security-opt no-new-privileges \
    --memory 1g --memory-swap 1g --pids-limit 256 --cpus "$(nproc)" --user "$(stat -c %u:%g "$HOLDFAST_REPO")" --mount type=volume,target=/restore --tmpfs /tmp:rw,noexec,nosuid,size=64m,mode=1777 --shm-size 128m \
    -v "$HOLDFAST_REPO:$HOLDFAST_REPO:ro" -v "$HOLDFAST_PGBACKREST_CONFIG:$HOLDFAST_PGBACKREST_CONFIG:ro" -v "$HERE/lib/bare-proof:/bare-proof:ro" \
    -v "$ROOT/validator-service/src/main/resources/dev/holdfast/validator/postgresql/inventory.sql:/inventory.sql:ro" \
    -e "PGBACKREST_CONFIG=$HOLDFAST_PGBACKREST_CONFIG" --entrypoint "" "$image" sh /bare-proof "$HOLDFAST_STANZA" "$1" >"$SCRATCH/bare-proof.log" 2>&1 || {
    tail -n 20 "$SCRATCH/bare-proof.log" >&2
    die "the bare proof failed" "Its output is above."
  }
}

sandbox_image() { echo "holdfast/sandbox:$PG_MAJOR"; }

# four_default_services: the anchor of the footprint; sets DEFAULT_PIDS, returns when all four are ready.
four_default_services() {
  local number port ports=()
  DEFAULT_PIDS=()
  for number in 1 2 3 4; do
    port=$(free_port)
    ports+=("$port")
    "$JAVA_HOME/bin/java" -cp "$(default_class_path)" dev.holdfast.bench.DefaultService \
      "--server.port=$port" "--bench.group=bench-$number" "--spring.kafka.bootstrap-servers=$HOLDFAST_KAFKA" >"$SCRATCH/default-$number.log" 2>&1 &
    DEFAULT_PIDS+=($!)
    spare $!
  done
  for port in "${ports[@]}"; do await_http "http://127.0.0.1:$port/actuator/health"; done
}

# default_class_path: what its three starters bring; the other figures' jars in the same folder are none of its business.
default_class_path() {
  local jar lib=$ROOT/bench/target/app/lib path=$ROOT/bench/target/app/bench.jar
  for jar in "$lib"/{spring,tomcat,jackson,jakarta,snakeyaml,logback,slf4j,log4j,jul,micrometer,HdrHistogram,kafka-clients,lz4,snappy,zstd,commons-logging,jspecify}*.jar; do
    path+=:$jar
  done
  printf '%s' "$path"
}

# await_http URL
await_http() {
  local deadline=$((SECONDS + 180))
  until curl -fs -m 5 -o /dev/null "$1"; do
    ((SECONDS < deadline)) || die "nothing answers at $1"
    sleep 0.05
  done
}

# bare_first_proof FOLDER: a cluster, a backup and its proof by hand, with a broker beside, as the product has one. In a subshell, because it
# points the names of the stack's sample at its own.
bare_first_proof() {
  (
    HOLDFAST_STANZA=bare HOLDFAST_REPO=$1/repo HOLDFAST_PGBACKREST_CONFIG=$1/pgbackrest.conf
    bare_broker "$1"
    bare_cluster "$1" "$(free_port)"
    bare_backup
    bare_proof "$(as_database_user pgbackrest --config="$HOLDFAST_PGBACKREST_CONFIG" --stanza=bare --output=json info | sed 's/.*"label":"\([^"]*\)".*/\1/')"
    await_broker "$1"
    as_database_user "$PG_BIN/pg_ctl" -D "$1/cluster" -m immediate -s stop
    kill "$(cat "$1/broker.pid")"
  )
}

# bare_broker FOLDER: the same broker with the same flags, in the background.
bare_broker() {
  # shellcheck source=../../deploy/local/lib/jvm.sh
  . "$ROOT/deploy/local/lib/jvm.sh"
  # shellcheck source=../../deploy/local/lib/broker.sh
  . "$ROOT/deploy/local/lib/broker.sh"
  load_app broker
  mkdir -p "$1/broker"
  broker_settings "$1/broker" "$(free_port)" "$(free_port)" >"$1/broker/server.properties"
  (
    format_broker "$1/broker"
    java_command
    exec "${COMMAND[@]}" kafka.Kafka "$1/broker/server.properties"
  ) >"$1/broker.log" 2>&1 &
  echo $! >"$1/broker.pid"
}

await_broker() { until grep -q "$BROKER_STARTED" "$1/broker.log"; do sleep 0.05; done; }

# bare_cluster FOLDER PORT: initialised, archiving, running, with the sample's rows and a stanza.
bare_cluster() {
  mkdir -p "$1/repo" "$1/log" "$1/lock" "$1/spool" "$1/run"
  chmod 0750 "$1/repo"
  printf '%s\n' '[global]' "repo1-path=$1/repo" repo1-retention-full=7 compress-type=lz4 start-fast=y process-max=2 "log-path=$1/log" "lock-path=$1/lock" "spool-path=$1/spool" \
    '[bare]' "pg1-path=$1/cluster" "pg1-port=$2" "pg1-socket-path=$1/run" pg1-user=postgres >"$1/pgbackrest.conf"
  if ((EUID == 0)); then chown "$HOLDFAST_PG_OSUSER:" "$1" "$1"/{repo,log,lock,spool,run}; fi
  as_database_user "$PG_BIN/initdb" --pgdata="$1/cluster" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-sync --no-instructions >/dev/null
  as_database_user tee -a "$1/cluster/postgresql.conf" >/dev/null <<EOF_SETTINGS
port = $2
listen_addresses = ''
unix_socket_directories = '$1/run'
archive_mode = on
archive_command = 'pgbackrest --config=$1/pgbackrest.conf --stanza=bare archive-push %p'
EOF_SETTINGS
  as_database_user "$PG_BIN/pg_ctl" -D "$1/cluster" -w -s -l "$1/log/postgresql.log" start
  as_database_user pgbackrest --config="$1/pgbackrest.conf" --stanza=bare --log-level-console=error stanza-create
  as_database_user psql -qXAt -h "$1/run" -p "$2" -U postgres -c 'create database mcpgov'
  as_database_user psql -qXAt -v ON_ERROR_STOP=1 -h "$1/run" -p "$2" -U postgres mcpgov <"$ROOT/deploy/local/sample/governance.sql" >/dev/null
}
