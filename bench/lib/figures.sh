# shellcheck shell=bash
# One function a figure. Each brings the stack into the state it needs, measures product and anchor by turns, and prints.

# ensure_stack: without the sample's policy, or a proof of each backup would run beside the next measurement.
ensure_stack() {
  [[ $STACK_UP == false ]] || return 0
  stack_up
  "$ROOT/holdfast" policy delete "$HOLDFAST_STANZA" >"$SCRATCH/policy.log" 2>&1
}

# P1: on the small sample additive, against pgBackRest's own milliseconds; on the big one as a ratio of wall times.
measure_P1() {
  local i bare=() product=()
  ensure_stack
  [[ ! -e $SCRATCH/filled ]] || figure P1 "note: the sample is big already; run P1 before P2 for the small one"
  measure backups "$HOLDFAST_STANZA" 2 >/dev/null
  measure backups "$HOLDFAST_STANZA" "$RUNS" >"$SCRATCH/p1"
  figure P1 "run overhead, small sample: $(awk '{ print $1 - $2 }' "$SCRATCH/p1" | statistics ms)"
  figure P1 "  pgBackRest's own time was: $(awk '{ print $2 }' "$SCRATCH/p1" | statistics ms)"
  fill_big
  for ((i = 0; i < PAIRS; i++)); do
    timed bare_backup
    bare+=("$MILLIS")
    product+=("$(measure backups "$HOLDFAST_STANZA" 1 | cut -d' ' -f1)")
  done
  print_pairs P1 "full backup of $(database_size)" "${#bare[@]}" "${bare[@]}" "${product[@]}"
}

# P2: the same label, bare and product by turns. The first proof of a day makes pgBackRest verify the whole repository: it is not counted.
measure_P2() {
  local i label bare=() product=()
  ensure_stack
  fill_big
  label=$(measure backups "$HOLDFAST_STANZA" 1 | cut -d' ' -f3)
  measure proofs "$HOLDFAST_STANZA" "$label" 1 >/dev/null
  for ((i = 0; i < PAIRS; i++)); do
    timed bare_proof "$label"
    bare+=("$MILLIS")
    product+=("$(measure proofs "$HOLDFAST_STANZA" "$label" 1)")
  done
  print_pairs P2 "proof of $(database_size)" "${#bare[@]}" "${bare[@]}" "${product[@]}"
}

# P2b: sandboxes. From a test's start to its restore's; and four proofs at once beside one.
measure_P2b() {
  local i label one=() four=()
  export HOLDFAST_VALIDATOR_MAX_CONCURRENT=4
  stack_down
  ensure_stack
  label=$(measure backups "$HOLDFAST_STANZA" 1 | cut -d' ' -f3)
  measure proofs "$HOLDFAST_STANZA" "$label" 2 >/dev/null
  figure P2b "test's start to restore's start: $(measure starts "$HOLDFAST_STANZA" "$label" "$RUNS" | statistics ms)"
  for ((i = 0; i < PAIRS; i++)); do
    one+=("$(measure together "$HOLDFAST_STANZA" "$label" 1)")
    four+=("$(measure together "$HOLDFAST_STANZA" "$label" 4)")
  done
  figure P2b "one proof alone:     $(printf '%s\n' "${one[@]}" | statistics ms)"
  figure P2b "four proofs at once: $(printf '%s\n' "${four[@]}" | statistics ms)"
  figure P2b "ratio of the medians: $(ratio "$(printf '%s\n' "${four[@]}" | median)" "$(printf '%s\n' "${one[@]}" | median)")"
  stack_down
  unset HOLDFAST_VALIDATOR_MAX_CONCURRENT
}

# R1: the fault matrix with real repositories, and as many proofs of good backups through the stack.
measure_R1() {
  measure_R1F
  measure_R1G
}

# R1F: the fault matrix. Sets FAULTS to its rows.
measure_R1F() {
  local reports=$ROOT/validator-service/target/failsafe-reports wrong
  rm -rf "$reports"
  (cd "$ROOT" && ./mvnw -B -ntp -o -q -Dspotless.check.skip -Daot.skip -pl validator-service -am verify -Dtest=NoSuch -Dsurefire.failIfNoSpecifiedTests=false \
    -Dit.test=FaultMatrixIT,FaultySourceIT,ChangingWorldIT -Dfailsafe.failIfNoSpecifiedTests=false) >"$SCRATCH/r1.log" 2>&1 || true
  FAULTS=$(cat "$reports"/TEST-*.xml 2>/dev/null | grep -c '<testcase ') || true
  wrong=$(cat "$reports"/TEST-*.xml 2>/dev/null | grep -cE '<(failure|error)[ >]') || true
  ((FAULTS > 0)) || { tail -n 20 "$SCRATCH/r1.log" >&2; die "the fault matrix did not run" "Its output is above."; }
  figure R1 "injected faults reported with the right reason: $((FAULTS - wrong)) of $FAULTS (anchor: pgBackRest's exit codes tell 0 of 5 kinds)"
}

# R1G: proofs of good backups of every kind by turns, as many as there were faults.
measure_R1G() {
  local wanted=${BENCH_GOOD:-${FAULTS:-50}} kinds label false_alarms
  ensure_stack
  good_backups >"$SCRATCH/good"
  kinds=$(wc -l <"$SCRATCH/good")
  while read -r label; do
    measure verdicts "$HOLDFAST_STANZA" "$label" "$(((wanted + kinds - 1) / kinds))" 2 </dev/null
  done <"$SCRATCH/good" >"$SCRATCH/good-verdicts"
  false_alarms=$(grep -cv ' OK$' "$SCRATCH/good-verdicts") || true
  figure R1 "false alarms on good backups of $kinds kinds: $false_alarms of $(wc -l <"$SCRATCH/good-verdicts")"
  grep -v ' OK$' "$SCRATCH/good-verdicts" | sed 's/^/     /' || true
}

# good_backups: their labels. full, diff and incr, each compressed in another way, with and without bundles, rows in between.
good_backups() {
  local options type
  for options in --compress-type=gz '--compress-type=lz4 --repo1-bundle' --compress-type=zst '--compress-type=none --repo1-bundle'; do
    for type in full diff incr; do
      psql -qAt "$HOLDFAST_PG_URL" -c "create table good_${RANDOM}_$SECONDS as select n, repeat('x', 100) as text from generate_series(1, 5000) n"
      # shellcheck disable=SC2086 # several options
      as_database_user pgbackrest --config="$HOLDFAST_PGBACKREST_CONFIG" --stanza="$HOLDFAST_STANZA" --type="$type" $options --no-expire-auto --log-level-console=error backup >&2
      as_database_user pgbackrest --config="$HOLDFAST_PGBACKREST_CONFIG" --stanza="$HOLDFAST_STANZA" --output=json info | grep -o '"label":"[^"]*"' | tail -n 1 | cut -d'"' -f4
    done
  done
}

# R2, R3: proofs, some of them at once, while their validator is killed again and again; then what changed in the repository and
# outside, what the sandboxes could have sent, and what is left.
measure_R2() { kill_validators R2 "${BENCH_PROOFS:-50}" "${BENCH_KILLS:-20}" 2; }
measure_R3() { kill_validators R3 "${BENCH_PROOFS:-200}" "${BENCH_KILLS:-200}" 4; }

# kill_validators FIGURE PROOFS KILLS AT_ONCE: at least so many proofs, and for as long as kills are left.
kill_validators() {
  local name=$1 proofs=$2 kills=$3 at_once=$4 label i asking at_work=0
  export HOLDFAST_VALIDATOR_MAX_CONCURRENT=$at_once
  stack_down
  ensure_stack
  label=$(measure backups "$HOLDFAST_STANZA" 1 | cut -d' ' -f3)
  sleep 5 # the backup's own restore point is archived
  repository_files >"$SCRATCH/before"
  rm -f "$SCRATCH/killed"
  watch_interfaces >"$SCRATCH/interfaces" &
  spare $!
  measure verdicts "$HOLDFAST_STANZA" "$label" "$proofs" "$at_once" "$SCRATCH/killed" >"$SCRATCH/verdicts" &
  asking=$!
  spare "$asking"
  VALIDATOR=$(pid_of validator)
  for ((i = 0; i < kills; i++)); do
    # three of four from when it takes requests, however long a start takes here; the fourth may be before that
    ((i % 4 == 3)) || await_validator
    sleep "$((RANDOM % 6)).$((RANDOM % 10))"
    if has_sandbox; then at_work=$((at_work + 1)); fi
    kill_and_start_validator
  done
  : >"$SCRATCH/killed"
  wait "$asking" || die "not every proof got its verdict" "See $SCRATCH/verdicts."
  repository_files >"$SCRATCH/after"
  figure "$name" "proofs: $(wc -l <"$SCRATCH/verdicts"), $at_once at once; kills of the validator: $i, $at_work of them while it had a sandbox; verdicts: $(cut -d' ' -f2 "$SCRATCH/verdicts" | sort | uniq -c | awk '{ printf "%s %s  ", $2, $1 }')"
  figure "$name" "repository, files changed or removed: $(comm -23 "$SCRATCH/before" "$SCRATCH/after" | wc -l); added by production's own archiving: $(added | grep -c "$OWN_WAL" || true); added otherwise: $(added | grep -cv "$OWN_WAL" || true)"
  figure "$name" "sandboxes looked at from outside: $(cut -d' ' -f1 "$SCRATCH/interfaces" | sort -u | wc -l), $(wc -l <"$SCRATCH/interfaces") looks; network interfaces but loopback: $(cut -d' ' -f2 "$SCRATCH/interfaces" | awk '{ sum += $1 } END { print sum + 0 }'); files written outside of their volume: $(cut -d' ' -f3 "$SCRATCH/interfaces" | awk '{ sum += $1 } END { print sum + 0 }')"
  figure "$name" "left over: $(left_over containers) containers, $(left_over volumes) volumes"
  end_extra
  unset HOLDFAST_VALIDATOR_MAX_CONCURRENT
}

# kill_and_start_validator: kill -9, and at once the same program in the same environment, as its supervisor would. Sets VALIDATOR.
kill_and_start_validator() {
  local command environment folder
  mapfile -d '' -t command <"/proc/$VALIDATOR/cmdline"
  mapfile -d '' -t environment <"/proc/$VALIDATOR/environ"
  folder=$(readlink "/proc/$VALIDATOR/cwd")
  ((${#command[@]} > 0)) || die "the validator ended by itself" "$(tail -n 3 "$SCRATCH/validator.log")"
  kill -KILL "$VALIDATOR"
  STARTED_BEHIND=$(stat -c %s "$SCRATCH/validator.log" 2>/dev/null || echo 0)
  (cd "$folder" && exec env -i "${environment[@]}" "${command[@]}") >>"$SCRATCH/validator.log" 2>&1 &
  VALIDATOR=$!
  disown # or the shell tells of each kill
  spare "$VALIDATOR"
}

# await_validator: until the one that was started last takes requests; the stack's own did when the stack was up.
await_validator() {
  local deadline=$((SECONDS + 120))
  [[ -e $SCRATCH/validator.log ]] || return 0
  until tail -c "+$((STARTED_BEHIND + 1))" "$SCRATCH/validator.log" | grep -c 'takes requests' >/dev/null; do
    ((SECONDS < deadline)) || die "the validator did not come back" "$(tail -n 3 "$SCRATCH/validator.log")"
    sleep 0.2
  done
}

# has_sandbox: true if a sandbox of this stack runs. One may end between two looks.
has_sandbox() {
  docker ps -q --no-trunc --filter label=dev.holdfast.sandbox | { xargs -r docker inspect 2>/dev/null || true; } | grep -cF "$HOLDFAST_REPO" >/dev/null
}

# watch_interfaces: a line for each look at a sandbox of this stack: its container, its network interfaces but loopback, what it changed in the
# container's own file system.
watch_interfaces() {
  local container process outside
  while true; do
    for container in $(docker ps -q --no-trunc --filter label=dev.holdfast.sandbox); do
      # one may end meanwhile: then there is nothing to look at
      docker inspect "$container" 2>/dev/null | grep -qF "$HOLDFAST_REPO" || continue
      process=$(docker inspect -f '{{.State.Pid}}' "$container" 2>/dev/null) || continue
      outside=$(tail -n +3 "/proc/$process/net/dev" 2>/dev/null | grep -cv '^ *lo:') || [[ -r /proc/$process/net/dev ]] || continue
      printf '%s %s %s\n' "$container" "$outside" "$(docker diff "$container" 2>/dev/null | wc -l)"
    done
    sleep 0.5
  done
}

OWN_WAL='/archive/[^/]*/[^/]*/[0-9A-F]\{16\}/00000001[0-9A-F]\{16\}-'

# repository_files: a line for each file: digest, mode, owner, time, size, name.
repository_files() {
  (cd "$HOLDFAST_REPO" && find . -type f -exec sh -c 'for file; do printf "%s %s\n" "$(sha256sum <"$file")" "$(stat -c "%a %u:%g %Y %s %n" "$file")"; done' sh {} + | sort)
}

# added: the files that were not there before.
added() { comm -13 "$SCRATCH/before" "$SCRATCH/after"; }

# left_over containers|volumes: of the tests of this run; the engine itself may still be about to remove the last one.
left_over() {
  local deadline=$((SECONDS + 30)) count
  while true; do
    count=$(cut -d' ' -f1 "$SCRATCH/verdicts" | while read -r test; do
      if [[ $1 == containers ]]; then docker ps -aq --filter "label=dev.holdfast.sandbox=$test"; else docker volume ls -q --filter "label=dev.holdfast.sandbox=$test"; fi
    done | wc -l)
    ((count > 0 && SECONDS < deadline)) || break
    sleep 1
  done
  echo "$count"
}

# print_pairs FIGURE WHAT N BARE... PRODUCT...: N of each.
print_pairs() {
  local name=$1 what=$2 n=$3 bare product
  shift 3
  bare=$(printf '%s\n' "${@:1:n}" | median)
  product=$(printf '%s\n' "${@:n+1:n}" | median)
  figure "$name" "$what, bare:    $(printf '%s\n' "${@:1:n}" | statistics ms)"
  figure "$name" "$what, product: $(printf '%s\n' "${@:n+1:n}" | statistics ms)"
  figure "$name" "$what, ratio of the medians: $(ratio "$product" "$bare")"
}

# P3: a runner whose pgBackRest is a stub that notes when it begins, and the raw loop with the same stub.
measure_P3() {
  ensure_stack
  start_stubbed_runner
  measure execs stub $((RUNS * 2)) "$SCRATCH/stub/pgbackrest" "$SCRATCH/stub/starts" >"$SCRATCH/p3"
  figure P3 "event to exec, raw loop: $(awk '$1 == "raw" { print $2 / 1000 }' "$SCRATCH/p3" | statistics ms)"
  figure P3 "event to exec, product:  $(awk '$1 == "product" { print $2 / 1000 }' "$SCRATCH/p3" | statistics ms)"
  figure P3 "event to exec, product, p99: $(awk '$1 == "product" { print $2 / 1000 }' "$SCRATCH/p3" | quantile 0.99) ms"
  figure P3 "event to exec, ratio of the medians: $(ratio "$(awk '$1 == "product" { print $2 }' "$SCRATCH/p3" | median)" "$(awk '$1 == "raw" { print $2 }' "$SCRATCH/p3" | median)")"
  end_extra
}

start_stubbed_runner() {
  local port folder=$SCRATCH/stub
  port=$(free_port)
  mkdir -p "$folder"
  : >"$folder/starts"
  sed "s/^\[$HOLDFAST_STANZA\]/[stub]/" "$HOLDFAST_PGBACKREST_CONFIG" >"$folder/pgbackrest.conf"
  cat >"$folder/pgbackrest" <<EOF_STUB
#!/bin/sh
# Notes when a backup begins and refuses it (27 is pgBackRest's error for a configuration); everything else is the real one's.
for word in "\$@"; do
  if [ "\$word" = backup ]; then
    echo "\$(date +%s%N) \$*" >>"$folder/starts"
    exit 27
  fi
done
exec pgbackrest "\$@"
EOF_STUB
  chmod 0755 "$folder/pgbackrest"
  if ((EUID == 0)); then chown -R "$HOLDFAST_PG_OSUSER" "$folder"; fi
  # shellcheck source=../../deploy/local/lib/jvm.sh
  . "$ROOT/deploy/local/lib/jvm.sh"
  load_app runner-service "$(readable_runner)"
  java_command
  (cd "$folder" && as_database_user env "HOLDFAST_KAFKA=$HOLDFAST_KAFKA" "HOLDFAST_REGISTRY=$HOLDFAST_REGISTRY" "HOLDFAST_RUNNER_PORT=$port" HOLDFAST_RUNNER_POOL=stub \
    HOLDFAST_RUNNER_STANZAS=stub HOLDFAST_RUNNER_CHECK_AFTER_FAILURE=n "HOLDFAST_PGBACKREST=$folder/pgbackrest" "HOLDFAST_PGBACKREST_CONFIG=$folder/pgbackrest.conf" "HOLDFAST_RUNNER_STATE=$folder/state" \
    "${COMMAND[@]}" >"$folder/log" 2>&1) &
  spare $!
  await_http "http://127.0.0.1:$port/actuator/health/readiness"
}

# readable_runner: the app's folder, or a copy where the database's user cannot read the checkout.
readable_runner() {
  local app=$ROOT/runner-service/target/app
  if as_database_user test -r "$app/runner-service.jar"; then
    echo "$app"
  else
    cp -a "$app" "$SCRATCH/runner-app"
    chmod -R a+rX "$SCRATCH/runner-app"
    echo "$SCRATCH/runner-app"
  fi
}

# P11: a fresh stack without the sample's backup, and the anchor beside it, on the same broker; both idle for the same while.
measure_P11() {
  local service services=() whole=() ours theirs
  stack_down
  stack_up --no-sample
  for service in scheduler runner validator catalog; do services+=("$(pid_of "$service")"); done
  mapfile -t whole < <("$ROOT/holdfast" pids | awk '{ print $2 }')
  ours=$(cpu_of "${services[@]}")
  figure P11 "processor seconds until ready, four services: $ours"
  for service in scheduler runner validator catalog; do figure P11 "  of it the $service: $(cpu_of "$(pid_of "$service")")"; done
  four_default_services
  theirs=$(cpu_of "${DEFAULT_PIDS[@]}")
  figure P11 "anchor, processor seconds until ready, four default Boot services: $theirs; ratio $(ratio "$ours" "$theirs")"
  step "idle for $IDLE seconds" >&2
  sleep "$IDLE"
  ours=$(resident_of "${services[@]}")
  theirs=$(resident_of "${DEFAULT_PIDS[@]}")
  figure P11 "resident memory after $IDLE idle seconds, four services: $ours MB (shared pages counted once: $(memory_of "${services[@]}") MB)"
  for service in scheduler runner validator catalog; do figure P11 "  of it the $service: $(resident_of "$(pid_of "$service")") MB"; done
  figure P11 "anchor, resident memory after $IDLE idle seconds: $theirs MB (shared pages counted once: $(memory_of "${DEFAULT_PIDS[@]}") MB); ratio $(ratio "$ours" "$theirs")"
  figure P11 "resident memory, whole stack with broker, registry and databases: $(resident_of "${whole[@]}") MB (shared pages counted once: $(memory_of "${whole[@]}") MB)"
  end_extra
  command_line
}

command_line() {
  local i version=() list=()
  for ((i = 0; i < 10; i++)); do
    timed "$ROOT/holdfast" --version >/dev/null
    version+=("$MILLIS")
    timed "$ROOT/holdfast" list >/dev/null
    list+=("$MILLIS")
  done
  figure P11 "holdfast --version: $(printf '%s\n' "${version[@]}" | statistics ms)"
  figure P11 "holdfast list:      $(printf '%s\n' "${list[@]}" | statistics ms)"
}

# P12: from no process to the verdict in the catalog, and the same by hand.
measure_P12() {
  local i times=() bare=()
  for i in 1 2 3; do
    stack_down
    stack_up
    times+=("$MILLIS")
    bare_steps
    bare+=("$MILLIS")
  done
  figure P12 "./holdfast up until the verdict: $(printf '%s\n' "${times[@]}" | statistics ms)"
  figure P12 "the bare steps by hand:          $(printf '%s\n' "${bare[@]}" | statistics ms)"
}

# bare_steps: a broker, a cluster, a backup, its proof. Sets MILLIS.
bare_steps() {
  local place=$SCRATCH/bare
  mkdir -p "$place"
  chmod 0711 "$place"
  timed bare_first_proof "$place"
  rm -rf "$place"
}
