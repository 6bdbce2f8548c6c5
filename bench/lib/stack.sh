# shellcheck shell=bash
# The stack under test: a local stack of this checkout in a folder of its own, on ports of its own.

PORTS=(HOLDFAST_KAFKA_PORT HOLDFAST_KAFKA_CONTROLLER_PORT HOLDFAST_REGISTRY_PORT HOLDFAST_REGISTRY_MANAGEMENT_PORT HOLDFAST_CATALOG_DB_PORT
  HOLDFAST_SAMPLE_PORT HOLDFAST_CATALOG_PORT HOLDFAST_SCHEDULER_PORT HOLDFAST_RUNNER_PORT HOLDFAST_VALIDATOR_PORT)
STACK_UP=false
EXTRA=() # further processes of a measurement, by id

# require_built FIGURE...: what they need.
require_built() {
  local app figure apps=()
  # the scheduler's figures and the catalog's need no other service
  for figure; do
    case $figure in
      P[6-9] | P8S | P10 | R5 | R5M | R6C | R9 | R10) apps+=(catalog-service) ;;
      P1 | P2 | P2b | P3 | P11 | P11h | P12 | R1 | R1F | R1G | R[23]) apps+=(scheduler-service runner-service validator-service catalog-service cli) ;;
      *) apps+=(scheduler-service) ;;
    esac
  done
  for app in "${apps[@]}"; do
    [[ -e $ROOT/$app/target/app/$app.jar ]] || die "$app is not built" "./mvnw -DskipTests package"
  done
  [[ -e $ROOT/bench/target/app/bench.jar ]] || die "the Java half of the benchmarks is not built" "./mvnw -DskipTests package"
  [[ -d $ROOT/deploy/local/target/kafka && -d $ROOT/deploy/local/target/registry ]] || die "the local stack is not built" "./mvnw -DskipTests package"
  [[ ! $* =~ R[78] || -d $ROOT/scheduler-service/target/test-classes ]] || die "the oracles are not built" "./mvnw -DskipTests package"
}

# stack_up [ARGUMENT...]: output goes to the log; sets MILLIS to how long it took.
stack_up() {
  local port
  export HOLDFAST_HOME=$SCRATCH/stack
  for port in "${PORTS[@]}"; do export "$port=$(free_port)"; done
  STACK_UP=true
  timed "$ROOT/holdfast" up --yes "$@" >"$SCRATCH/up.log" 2>&1 || {
    tail -n 20 "$SCRATCH/up.log" >&2
    die "./holdfast up failed" "Its output is above."
  }
  eval "$("$ROOT/holdfast" env)"
}

stack_down() {
  [[ $STACK_UP == true ]] || return 0
  HOLDFAST_HOME=$SCRATCH/stack "$ROOT/holdfast" down --purge >"$SCRATCH/down.log" 2>&1 || cat "$SCRATCH/down.log" >&2
  STACK_UP=false
}

# spare PID: ended at the end of this run, whatever happens.
spare() { EXTRA+=("$1"); }

# end_extra: with their descendants: a process of another user is a shell's child, not the shell itself.
end_extra() {
  local pid
  for pid in "${EXTRA[@]}"; do processes_of "$pid"; done | xargs -r kill 2>/dev/null || true
  for pid in "${EXTRA[@]}"; do wait "$pid" 2>/dev/null || true; done
  EXTRA=()
}

clean_up() {
  end_extra
  peers_down
  scheduling_down
  stack_down
  docker ps -aq --filter "label=dev.holdfast.bench=$$" 2>/dev/null | xargs -r docker rm -fv >/dev/null || true
  rm -rf "$SCRATCH"
}

# pid_of NAME: of a part of the stack.
pid_of() { "$ROOT/holdfast" pids | awk -v name="$1" '$1 == name { print $2 }'; }

# processes_of PID: it and its descendants.
processes_of() {
  local child
  echo "$1"
  for child in $(pgrep -P "$1"); do processes_of "$child"; done
}

# memory_of PID...: megabytes resident, shared pages divided among who shares them.
memory_of() { megabytes Pss smaps_rollup "$@"; }

# resident_of PID...: megabytes resident as ps shows it.
resident_of() { megabytes VmRSS status "$@"; }

# megabytes LINE FILE PID...: the sum of a line of /proc over the processes and their descendants.
megabytes() {
  local line=$1 file=$2 ancestor process
  shift 2
  for ancestor in "$@"; do
    for process in $(processes_of "$ancestor"); do awk -v line="$line:" '$1 == line { print $2 }' "/proc/$process/$file" 2>/dev/null || true; done
  done | awk '{ sum += $1 } END { printf "%.0f", sum / 1024 }'
}

# cpu_of PID...: seconds of processor time so far.
cpu_of() {
  local pid
  for pid in "$@"; do sed 's/.*) //' "/proc/$pid/stat"; done | awk -v hertz="$(getconf CLK_TCK)" '{ sum += $12 + $13 } END { printf "%.2f", sum / hertz }'
}

# cpu_of_threads PID: id, name and processor ticks so far of each thread, sorted by id.
cpu_of_threads() {
  local thread
  for thread in "/proc/$1/task"/*; do
    # one may end meanwhile
    printf '%s %s %s\n' "${thread##*/}" "$(tr ' ' _ <"$thread/comm")" "$(sed 's/.*) //' "$thread/stat" | awk '{ print $12 + $13 }')" 2>/dev/null || true
  done | sort
}

# busiest_threads BEFORE AFTER SECONDS: the three that have used most between two files of cpu_of_threads, in per cent of one core.
busiest_threads() {
  join "$1" "$2" | awk -v seconds="$3" -v hertz="$(getconf CLK_TCK)" '{ used[$2] += $5 - $3 } END { for (name in used) if (used[name] > 0) printf "%.2f %% %s\n", 100 * used[name] / hertz / seconds, name }' |
    sort -rn | awk 'NR <= 3 { printf "%s%s", separator, $0; separator = ", " }'
}

# measure MEASUREMENT ARGUMENT...: the Java half against the stack.
measure() {
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlogging.level.root=ERROR -cp "$ROOT/bench/target/app/bench.jar:$ROOT/bench/target/app/lib/*" \
    -Dlogback.configurationFile="$HERE/lib/logback.xml" dev.holdfast.bench.Measure "$@"
}

# as_database_user COMMAND...
as_database_user() {
  local user=${HOLDFAST_PG_OSUSER:-postgres}
  if ((EUID == 0)); then
    setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups env HOME=/ "$@"
  else
    "$@"
  fi
}

# fill_big: the sample grows by about a gigabyte.
fill_big() {
  [[ ! -e $SCRATCH/filled ]] || return 0
  step "filling the sample with pgbench -s $SCALE" >&2
  pgbench -i -q -s "$SCALE" "$HOLDFAST_PG_URL" >"$SCRATCH/pgbench.log" 2>&1
  psql -qAt "$HOLDFAST_PG_URL" -c checkpoint
  : >"$SCRATCH/filled"
}

database_size() { psql -qAt "$HOLDFAST_PG_URL" -c 'select pg_size_pretty(sum(pg_database_size(oid))) from pg_database'; }
