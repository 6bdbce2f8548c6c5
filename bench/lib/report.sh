# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is read by the files that this one is sourced with
# How figures are printed: median and worst of many, with what the machine did meanwhile.

BUSY=1.0 # load average over one minute above which a run is void

load() { cut -d' ' -f1 /proc/loadavg; }

is_busy() { awk -v load="$1" -v busy="$BUSY" 'BEGIN { exit !(load > busy) }'; }

head_of_report() {
  LOAD_BEFORE=$(load)
  say "Holdfast figures, $(date -u +%Y-%m-%dT%H:%MZ), commit $(git -C "$ROOT" rev-parse --short HEAD 2>/dev/null || echo unknown)"
  say "machine: $(nproc) cores ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)), $(awk '/MemTotal/ { printf "%.0f GB", $2 / 1048576 }' /proc/meminfo), $(uname -sr), $("$JAVA_HOME/bin/java" -version 2>&1 | sed -n 's/^.*Runtime Environment //p')"
  say "load average before the start: $LOAD_BEFORE"
  ! is_busy "$LOAD_BEFORE" || say "INVALID: the machine was busy before the start (limit $BUSY); the figures below show that the program works, no more"
}

foot_of_report() {
  say "load average at the end (of this run's own work): $(load)"
  ! is_busy "$LOAD_BEFORE" || say "INVALID: see above"
}

# statistics UNIT < numbers: one line: how many, least, median, 95th percentile, worst.
statistics() {
  sort -n | awk -v unit="$1" '
    { value[NR] = $1 }
    END {
      if (NR == 0) { print "no value"; exit }
      middle = NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2
      rank = int(0.95 * NR + 0.999999)
      printf "n=%d  least %g  median %g  p95 %g  worst %g %s\n", NR, value[1], middle, value[rank], value[NR], unit
    }'
}

# quantile SHARE < numbers
quantile() {
  sort -n | awk -v share="$1" '{ value[NR] = $1 } END { rank = int(share * NR + 0.999999); if (NR) print value[rank] }'
}

# median < numbers
median() { sort -n | awk '{ value[NR] = $1 } END { if (NR) print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'; }

# figure NAME TEXT...
figure() { printf '%-4s %s\n' "$1" "${*:2}"; }

# ratio A B
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else printf "undefined" }'; }

# now_ms: wall clock.
now_ms() {
  local now=${EPOCHREALTIME/[.,]/}
  printf '%s' "$((now / 1000))"
}

# timed COMMAND...: sets MILLIS.
timed() {
  local start
  start=$(now_ms)
  "$@"
  MILLIS=$(($(now_ms) - start))
}
