# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is read by the files that this one is sourced with
# A broker, a registry and schedulers alone: the figures of the scheduler are not to be disturbed by the services that answer it.

SCHEDULING_UP=false
PEERS_UP=false
BROKER='' REGISTRY=''
declare -A SCHEDULERS=() # process ids by name

# What a site of this size gives its processes, product, broker and peers alike: room, and the compiler that makes long-lived programs fast.
LARGE_SITE=(-XX:+UseSerialGC -XX:+UseCompactObjectHeaders)

# scheduling_up: a fresh broker and registry; sets HOLDFAST_KAFKA, HOLDFAST_REGISTRY.
scheduling_up() {
  local folder=$SCRATCH/scheduling registry_port
  # shellcheck source=../../deploy/local/lib/jvm.sh
  . "$ROOT/deploy/local/lib/jvm.sh"
  # shellcheck source=../../deploy/local/lib/broker.sh
  . "$ROOT/deploy/local/lib/broker.sh"
  # shellcheck source=../../deploy/local/lib/registry.sh
  . "$ROOT/deploy/local/lib/registry.sh"
  scheduling_down
  mkdir -p "$folder/broker" "$folder/registry"
  SCHEDULING_UP=true
  start_large_broker "$folder/broker"
  registry_port=$(free_port)
  load_app registry
  registry_flags "$folder/registry" "$registry_port" "$(free_port)"
  java_command
  "${COMMAND[@]:0:1}" "${FLAGS[@]}" "${COMMAND[@]:1}" >"$folder/registry.log" 2>&1 &
  REGISTRY=$!
  await_http "http://127.0.0.1:$registry_port$READY"
  set_registry_default "http://127.0.0.1:$registry_port$REGISTRY_API"
  until grep -q "$BROKER_STARTED" "$folder/broker.log"; do
    kill -0 "$BROKER" 2>/dev/null || die "the broker has ended" "$(tail -n 5 "$folder/broker.log")"
    sleep 0.05
  done
  export HOLDFAST_KAFKA HOLDFAST_REGISTRY=http://127.0.0.1:$registry_port$REGISTRY_API
}

# start_large_broker FOLDER: in the background; sets BROKER and HOLDFAST_KAFKA.
start_large_broker() {
  local port
  port=$(free_port)
  load_app broker
  broker_settings "$1" "$port" "$(free_port)" >"$1/server.properties"
  (
    format_broker "$1"
    exec "$JAVA_HOME/bin/java" "${LARGE_SITE[@]}" -Xmx512m "${JVM[@]}" "${ENTRY[@]}" kafka.Kafka "$1/server.properties"
  ) >"$1.log" 2>&1 &
  BROKER=$!
  HOLDFAST_KAFKA=127.0.0.1:$port
}

# scheduler_up NAME: sets SCHEDULER to its process; returns when it is ready.
scheduler_up() {
  local port
  port=$(free_port)
  env "HOLDFAST_INSTANCE=$1" "HOLDFAST_SCHEDULER_PORT=$port" "HOLDFAST_SCHEDULER_STATE=$SCRATCH/scheduling/$1" \
    "$JAVA_HOME/bin/java" "${LARGE_SITE[@]}" "-Xmx$((768 + STANZAS / 400))m" -jar "$ROOT/scheduler-service/target/app/scheduler-service.jar" >>"$SCRATCH/scheduling/$1.log" 2>&1 &
  SCHEDULER=$!
  SCHEDULERS[$1]=$SCHEDULER
  await_http "http://127.0.0.1:$port/actuator/health/readiness"
}

# scheduler_kill NAME: as a crash does.
scheduler_kill() {
  kill -9 "${SCHEDULERS[$1]}"
  wait "${SCHEDULERS[$1]}" 2>/dev/null || true
  unset "SCHEDULERS[$1]"
}

scheduling_down() {
  [[ $SCHEDULING_UP == true ]] || return 0
  SCHEDULING_UP=false
  end_processes "${SCHEDULERS[@]}"
  SCHEDULERS=()
  # shellcheck disable=SC2086 # either may be empty
  end_processes $REGISTRY $BROKER
  REGISTRY='' BROKER=''
  rm -rf "$SCRATCH/scheduling"
}

# end_processes PID...
end_processes() {
  (($# > 0)) || return 0
  kill "$@" 2>/dev/null || true
  wait "$@" 2>/dev/null || true
}

# scheduling MEASUREMENT ARGUMENT...: the Java half.
scheduling() {
  "$JAVA_HOME/bin/java" "${LARGE_SITE[@]}" -Xmx3g -Dlogback.configurationFile="$HERE/lib/logback.xml" -cp "$ROOT/bench/target/app/bench.jar:$ROOT/bench/target/app/lib/*" \
    dev.holdfast.bench.MeasureScheduler "$@"
}

# next_slot SECONDS: the first whole minute that is at least so far away, in epoch seconds.
next_slot() { printf '%s' "$((($(date +%s) + $1 + 59) / 60 * 60))"; }

# sleep_until EPOCH_SECONDS
sleep_until() {
  local left=$(($1 - $(date +%s)))
  ((left <= 0)) || sleep "$left"
}

# live_heap PID: bytes of the objects that survive a collection, without the gaps that the collector leaves between them.
live_heap() {
  "$JAVA_HOME/bin/jcmd" "$1" GC.class_histogram | awk '$4 ~ /Filler/ { gaps += $3 } $1 == "Total" { total = $3 } END { printf "%d", total - gaps }'
}

# peers_up: a PostgreSQL for other schedulers, beside the broker, which takes their effects; no scheduler of ours runs meanwhile.
peers_up() {
  local folder=$SCRATCH/peers
  scheduling_up
  PEERS_PORT=$(free_port)
  mkdir -p "$folder"
  if ((EUID == 0)); then chown postgres: "$folder"; fi
  as_database_user "$PG_BIN/initdb" --pgdata="$folder/cluster" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync --no-instructions >/dev/null
  # a commit is as durable as Kafka's on one node: in the kernel's hands, not yet on the disk
  as_database_user tee -a "$folder/cluster/postgresql.conf" >/dev/null <<EOF_SETTINGS
port = $PEERS_PORT
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 512MB
max_wal_size = 4GB
synchronous_commit = off
EOF_SETTINGS
  PEERS_UP=true
  as_database_user "$PG_BIN/pg_ctl" -D "$folder/cluster" -w -s -l "$folder/postgresql.log" start
}

# peer NAME N: prints one line of name=value pairs.
peer() {
  "$JAVA_HOME/bin/java" "${LARGE_SITE[@]}" -Xmx1g -Dlogback.configurationFile="$HERE/lib/logback.xml" -cp "$ROOT/bench/target/app/bench.jar:$ROOT/bench/target/app/lib/*" \
    dev.holdfast.bench.Peers "$1" "jdbc:postgresql://127.0.0.1:$PEERS_PORT/postgres?user=postgres" "$2"
}

peers_down() {
  [[ $PEERS_UP == true ]] || return 0
  PEERS_UP=false
  as_database_user "$PG_BIN/pg_ctl" -D "$SCRATCH/peers/cluster" -m immediate -s stop || true
  rm -rf "$SCRATCH/peers"
  scheduling_down
}
