# shellcheck shell=bash
# The scheduler's figures. P4 and P5 come from one session: fires that are alone, then a storm, with others due in its middle.

SESSION=false
SCHEDULER_IDLE=30          # seconds of idling, in the second minute after the storm that warmed it up
AMID=200 AMID_SECONDS=4    # fires that are due in the first seconds of a storm, and in how many
CYCLE=45 DUE_A_SECOND=20   # seconds from one kill to the next; fires meanwhile
AWAY=70                    # seconds without any scheduler

# measure_P4: the scheduler's fires one by one and amid a storm, and a timer with a transaction alone.
measure_P4() {
  local fleet
  scheduler_session
  figure P4 "fire skew, alone, a timer and a transaction only:  $(statistics ms <"$SCRATCH/raw-skew")"
  for fleet in alone amid; do
    figure P4 "fire skew, $(described "$fleet"), product: $(sed -n "s/^$fleet- //p" "$SCRATCH/fires" | in_words)"
  done
}

described() { case $1 in alone) printf 'alone' ;; amid) printf 'due in the middle of the storm of %s' "$STANZAS" ;; esac }

# in_words < name=value...
in_words() { awk '{ for (i = 1; i <= NF; i++) { split($i, pair, "="); value[pair[1]] = pair[2] } printf "n=%d  median %s  p99 %s  worst %s ms\n", value["fired"], value["p50"], value["p99"], value["last"] }'; }

# value_of NAME < name=value...
value_of() { sed -n "s/.*\b$1=\([^ ]*\).*/\1/p"; }

# measure_P5: the same storm with two other schedulers, in turn with the product.
measure_P5() {
  local round product=() db=() quartz=()
  for ((round = 1; round <= STORMS; round++)); do
    # the first round's may have been P4's
    ((round == 1)) || SESSION=false
    scheduler_session
    product+=("$(sed -n 's/^storm- //p' "$SCRATCH/fires" | value_of rate)")
    figure P5 "storm of $STANZAS, product: $(sed -n 's/^storm- //p' "$SCRATCH/fires" | storm_in_words)"
    peers_up
    peer db-scheduler "$STANZAS" >"$SCRATCH/db-scheduler"
    db+=("$(value_of rate <"$SCRATCH/db-scheduler")")
    figure P5 "storm of $STANZAS, db-scheduler: $(storm_in_words <"$SCRATCH/db-scheduler")"
    peer quartz "$((STANZAS / QUARTZ_SHARE))" >"$SCRATCH/quartz"
    quartz+=("$(value_of rate <"$SCRATCH/quartz")")
    figure P5 "storm of $((STANZAS / QUARTZ_SHARE)), clustered Quartz: $(storm_in_words <"$SCRATCH/quartz")"
    peers_down
  done
  figure P5 "fires a second, product:          $(printf '%s\n' "${product[@]}" | statistics /s)"
  figure P5 "fires a second, db-scheduler:     $(printf '%s\n' "${db[@]}" | statistics /s)"
  figure P5 "fires a second, clustered Quartz: $(printf '%s\n' "${quartz[@]}" | statistics /s)"
  figure P5 "ratio of the medians, product to db-scheduler: $(ratio "$(printf '%s\n' "${product[@]}" | median)" "$(printf '%s\n' "${db[@]}" | median)")"
  figure P5 "ratio of the medians, product to Quartz:       $(ratio "$(printf '%s\n' "${product[@]}" | median)" "$(printf '%s\n' "${quartz[@]}" | median)")"
  figure P5 "live heap of a stanza: $(<"$SCRATCH/heap-a-stanza") bytes at rest, $(<"$SCRATCH/heap-a-stanza-after") with its request of the storm open"
  figure P5 "idle with $STANZAS stanzas: $(<"$SCRATCH/idle") % of one core over $SCHEDULER_IDLE s; resident $(<"$SCRATCH/resident") MB"
  figure P5 "  most of it by the threads: $(<"$SCRATCH/idle-threads")"
}

storm_in_words() { awk '{ for (i = 1; i <= NF; i++) { split($i, pair, "="); value[pair[1]] = pair[2] } printf "n=%d  first after %s  half after %s  all after %s ms, %s a second\n", value["fired"], value["first"], value["p50"], value["last"], value["rate"] }'; }

# scheduler_session: one scheduler with many stanzas: memory, a small storm that warms the program up as it does the peers, idling a minute
# later, fires alone, the storm and fires amid it. Once for P4 and P5.
scheduler_session() {
  local before after empty slot stanzas fleets watch
  [[ $SESSION == false ]] || return 0
  SESSION=true
  scheduling_up
  scheduler_up one
  scheduling skew "$ALONE" >"$SCRATCH/raw-skew"
  empty=$(live_heap "$SCHEDULER")
  stanzas=$((STANZAS + STANZAS / 10 + ALONE + AMID))
  slot=$(next_slot $((STANZAS / 2500 + 20)))
  fleets=("warm-:$((STANZAS / 10)):$slot:0" "alone-:$ALONE:$((slot + 120)):55" "storm-:$STANZAS:$((slot + 180)):0" "amid-:$AMID:$((slot + 180)):$AMID_SECONDS")
  scheduling load holdfast-scheduler "${fleets[@]}"
  after=$(live_heap "$SCHEDULER")
  echo $(((after - empty) / stanzas)) >"$SCRATCH/heap-a-stanza"
  sleep_until $((slot - 6))
  scheduling fires "${fleets[@]}" >"$SCRATCH/fires" &
  watch=$!
  spare "$watch"
  # what the compiler still makes of the load is no idling: it is over a minute later
  sleep_until $((slot + 86))
  before=$(cpu_of "$SCHEDULER")
  cpu_of_threads "$SCHEDULER" >"$SCRATCH/threads-before"
  sleep "$SCHEDULER_IDLE"
  awk -v before="$before" -v after="$(cpu_of "$SCHEDULER")" -v seconds="$SCHEDULER_IDLE" 'BEGIN { printf "%.2f", 100 * (after - before) / seconds }' >"$SCRATCH/idle"
  cpu_of_threads "$SCHEDULER" >"$SCRATCH/threads-after"
  busiest_threads "$SCRATCH/threads-before" "$SCRATCH/threads-after" "$SCHEDULER_IDLE" >"$SCRATCH/idle-threads"
  resident_of "$SCHEDULER" >"$SCRATCH/resident"
  wait "$watch" || die "not every stanza fired exactly once" "The counts are above."
  after=$(live_heap "$SCHEDULER")
  echo $(((after - empty) / stanzas)) >"$SCRATCH/heap-a-stanza-after"
  scheduling_down
}

# measure_R6: one of two schedulers is killed, again and again, while stanzas are due all the time.
measure_R6() {
  local kill seconds slot fleet victim watch names=(one two)
  scheduling_up
  for victim in "${names[@]}"; do scheduler_up "$victim"; done
  seconds=$((TAKEOVERS * CYCLE + 20))
  slot=$(next_slot 15)
  fleet=takeover-:$((seconds * DUE_A_SECOND)):$slot:$seconds
  scheduling load holdfast-scheduler "$fleet"
  scheduling takeover "$fleet" "$SCRATCH/kills" >"$SCRATCH/takeovers" &
  watch=$!
  spare "$watch"
  for ((kill = 0; kill < TAKEOVERS; kill++)); do
    # time for the other one's standbys to follow
    sleep_until $((slot + 12 + CYCLE * kill))
    victim=${names[kill % 2]}
    echo "$(now_ms)" >>"$SCRATCH/kills"
    scheduler_kill "$victim"
    sleep 22
    scheduler_up "$victim"
  done
  wait "$watch" || die "not every stanza fired exactly once over the kills"
  figure R6 "kill -9 of one of two schedulers until the last fire that it made late is readable: $(value_of recovered <"$SCRATCH/takeovers" | statistics ms)"
  figure R6 "  fires that it made late, of $DUE_A_SECOND a second: $(value_of late <"$SCRATCH/takeovers" | statistics fires)"
  figure R6 "  all $((seconds * DUE_A_SECOND)) stanzas fired exactly once, none early"
  scheduling_down
}

# measure_R7: no stack; the calendar and a walk through Debian cron's own loop.
measure_R7() {
  local start=$SECONDS
  truth cron.CalendarTruth "$CALENDAR_FROM" "$CALENDAR_YEARS" >"$SCRATCH/r7" || true
  head -n 20 "$SCRATCH/r7" | while IFS= read -r line; do figure R7 "$line"; done
  grep -q 'differences=0$' "$SCRATCH/r7" || figure R7 "FAILED: there are differences"
  figure R7 "took $((SECONDS - start)) s"
}

# measure_R8: stanzas whose policies came into force a minute to three days ago, and nobody was there; then a scheduler that is killed and away
# for more than a minute.
measure_R8() {
  local now
  scheduling_up
  scheduler_up one # makes the topics
  scheduler_kill one
  now=$(date +%s)
  truth figures.DowntimeTruth publish "$OUTAGES" "$now"
  scheduler_up one
  truth figures.DowntimeTruth count "$OUTAGES" "$now" >"$SCRATCH/r8"
  figure R8 "no scheduler for 1 minute to 3 days: $(<"$SCRATCH/r8")"
  scheduler_kill one
  sleep "$AWAY"
  scheduler_up one
  truth figures.DowntimeTruth count "$OUTAGES" "$now" >"$SCRATCH/r8"
  figure R8 "killed, and away for another $AWAY s: $(<"$SCRATCH/r8")"
  scheduling_down
}

# truth CLASS ARGUMENT...: an oracle that lives with the scheduler's tests.
truth() {
  local class=$1
  shift
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx1g -Dlogback.configurationFile="$HERE/lib/logback.xml" \
    -cp "$ROOT/scheduler-service/target/test-classes:$ROOT/test-support/target/classes:$ROOT/scheduler-service/target/app/scheduler-service.jar:$ROOT/scheduler-service/target/app/lib/*" "dev.holdfast.scheduler.$class" "$@"
}
