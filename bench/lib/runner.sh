# shellcheck shell=bash
# The runner's counts: its integration tests that kill and attack, many times over. They bring their own broker, cluster and repository.

ATTACKS=${BENCH_ATTACKS:-1000} FOREIGN=${BENCH_FOREIGN:-200000} RUNNER_KILLS=${BENCH_KILLS:-200}

# R4, and from the same run R6R and the runner's part of R3: kill -9 of the runner, of pgBackRest's group and of the broker. About half an hour.
measure_R4() {
  run_counted KilledOftenIT "$RUNNER_KILLS"
  figure R4 "backups for each request: $(awk '{ of[$1] = $2 } END { printf "%.3f", of["backups"] / of["requests"] }' "$(figures_file kills)") ($(left_by kills requests) requests; kill -9 of the runner $(left_by kills runner), of pgBackRest's group $(left_by kills pgbackrest), of the broker $(left_by kills broker); seed $(left_by kills seed)); one end each, none lost or doubled"
  figure R4 "  of the runners killed between fact and offset, $(left_by kills uncommitted) had not committed it"
  figure R6R "kill -9 of runner or pgBackRest until the fact, from where both kill and backup are over: $(statistics ms <"$(figures_file recoveries)"), p99 $(quantile 0.99 <"$(figures_file recoveries)") ms"
  figure R3 "left on the runner's host: $(left_by kills processes) processes, $(left_by kills locks) locks, $(left_by kills files) files of runs and facts"
}

measure_R12() {
  run_counted AttackedIT "$ATTACKS"
  figure R12 "attacks by Kafka and HTTP that reached an execution, a file or an answer: 0 of $(left_by attacks attacks) ($(left_by attacks requests) requests, $(left_by attacks http) over HTTP, the rest bytes); no secret in topics, log or process list"
}

# P13: requests of other runners' stanzas, published while the runner serves its own.
measure_P13() {
  run_counted 'RequestToBackupIT#requestsForOthersHoldNobodyUp' "$FOREIGN"
  figure P13 "requests for others passed over: $(awk '{ of[$1] = $2 } END { printf "%.0f", of["requests"] * 1000 / of["skipping"] }' "$(figures_file foreign)")/s ($(left_by foreign requests) in $(left_by foreign skipping) ms; publishing alone took $(left_by foreign publishing) ms)"
}

# P11h: the archive for a host, started as its user, without a broker: ready to be asked, and idle.
measure_P11h() {
  local i started ready=() folder=$SCRATCH/host port
  "$ROOT/runner-service/host/assemble" "$ROOT/runner-service/target/app" "$folder" >"$SCRATCH/assemble.log" 2>&1 || die "the archive for a host could not be assembled" "$(tail -n 3 "$SCRATCH/assemble.log")"
  chmod 0711 "$SCRATCH" "$folder"
  ensure_stack
  for ((i = 0; i < 5; i++)); do
    port=$(free_port)
    mkdir -p "$folder/state$i"
    if ((EUID == 0)); then chown "$HOLDFAST_PG_OSUSER" "$folder/state$i"; fi
    started=$(now_ms)
    as_database_user env "HOLDFAST_RUNNER_ENV=/dev/null" "HOLDFAST_KAFKA=$HOLDFAST_KAFKA" "HOLDFAST_REGISTRY=$HOLDFAST_REGISTRY" "HOLDFAST_RUNNER_PORT=$port" \
      "HOLDFAST_RUNNER_POOL=host$i" HOLDFAST_RUNNER_STANZAS=hosted "HOLDFAST_PGBACKREST_CONFIG=$HOLDFAST_PGBACKREST_CONFIG" "HOLDFAST_RUNNER_STATE=$folder/state$i" \
      "$folder/holdfast-runner/bin/holdfast-runner" >"$folder/log$i" 2>&1 &
    spare $!
    await_http "http://127.0.0.1:$port/actuator/health/readiness"
    ready+=($(($(now_ms) - started)))
    if ((i == 4)); then
      sleep "$IDLE"
      figure P11h "the runner of the host's archive, resident after $IDLE idle seconds: $(resident_of "${EXTRA[-1]}") MB"
      figure P11h "  of it its own: $(megabytes RssAnon status "${EXTRA[-1]}") MB, files mapped (runtime, jars, AOT cache): $(megabytes RssFile status "${EXTRA[-1]}") MB"
    fi
    end_extra
  done
  figure P11h "the runner of the host's archive, start until it serves: $(printf '%s\n' "${ready[@]}" | statistics ms)"
}

# run_counted TEST COUNT: a test that fails ends the run with the end of its output.
run_counted() {
  local seed=()
  [[ -z ${BENCH_SEED:-} ]] || seed=("-Dholdfast.seed=$BENCH_SEED")
  step "$1, $2 times" >&2
  (cd "$ROOT" && ./mvnw -B -ntp -q -Dspotless.check.skip -Daot.skip -pl runner-service -am verify -Dtest=NoSuch -Dsurefire.failIfNoSpecifiedTests=false \
    "-Dit.test=$1" -Dfailsafe.failIfNoSpecifiedTests=false "-Dholdfast.count=$2" "${seed[@]}") >"$SCRATCH/$1.log" 2>&1 || {
    tail -n 40 "$SCRATCH/$1.log" >&2
    die "$1 failed: the figure is not reached" "Its output is above."
  }
}

figures_file() { printf '%s' "$ROOT/runner-service/target/figures/$1"; }

# left_by FILE NAME: the number that the test left under a name.
left_by() { awk -v name="$2" '$1 == name { print $2 }' "$(figures_file "$1")"; }
