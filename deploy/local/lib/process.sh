# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is read by the files that this one is sourced with
# The processes of the local stack: started in sessions of their own, remembered with their start time, so that a stale file never
# names somebody else's process, and ended by signal. Sourced after home.sh and daemon.sh.

# The order in which they are started; ended in the reverse order.
ALL_PARTS=(catalog-db sample-db broker registry runner validator scheduler catalog)

# start_time PID: sets REPLY to the kernel's start time of the process, or fails where there is none or only its corpse.
start_time() {
  local line fields
  { read -r line <"/proc/$1/stat"; } 2>/dev/null || return 1
  # the name in brackets may hold blanks: count from its end
  read -ra fields <<<"${line##*) }"
  [[ ${fields[0]} != Z ]] || return 1
  REPLY=${fields[19]}
}

# alive NAME: whether it runs; sets PID.
alive() {
  local started
  { read -r PID started <"$RUN/$1.pid"; } 2>/dev/null || return 1
  start_time "$PID" && [[ $REPLY == "$started" ]]
}

# spawn NAME USER COMMAND...: in the background, without terminal, its output appended to logs/NAME.log.
spawn() {
  local name=$1 user=$2 pid
  shift 2
  if ((EUID == 0)) && [[ $user != root ]]; then
    set -- setpriv "--reuid=$user" "--regid=$(id -g "$user")" --init-groups env HOME=/ "$@"
  fi
  # MALLOC_ARENA_MAX: glibc would keep a memory arena per thread
  (
    close_inherited
    MALLOC_ARENA_MAX=2 exec setsid "$@"
  ) >>"$LOGS/$name.log" 2>&1 </dev/null &
  pid=$!
  start_time "$pid" || REPLY=gone
  printf '%s %s\n' "$pid" "$REPLY" >"$RUN/$name.pid"
}

# await NAME WHAT SECONDS CHECK...: until CHECK succeeds; ends the script, with the log's end, when the process dies or time is over.
await() {
  local name=$1 what=$2 limit=$3 deadline=$((SECONDS + $3))
  shift 3
  until "$@" >/dev/null 2>&1; do
    if ! alive "$name"; then
      show_log "$name"
      die "$what ended while it was starting" "Its log: $LOGS/$name.log"
    fi
    if ((SECONDS >= deadline)); then
      show_log "$name"
      die "$what is not ready after $limit seconds" "Its log: $LOGS/$name.log"
    fi
    sleep 0.05
  done
}

show_log() { tail -n 15 "$LOGS/$1.log" 2>/dev/null | cut -c1-400 >&2 || true; }

# stop NAME SIGNAL SECONDS: ends it, the hard way after that time. Nothing to do where it does not run.
stop() {
  local deadline=$((SECONDS + $3))
  if alive "$1"; then
    kill "-$2" "$PID" 2>/dev/null || true
    while alive "$1"; do
      if ((SECONDS >= deadline)); then
        warn "$1 (process $PID) did not end within $3 seconds and is killed"
        kill -KILL "$PID" 2>/dev/null || true
        deadline=$((SECONDS + 60))
      fi
      sleep 0.05
    done
  fi
  rm -f "$RUN/$1.pid"
}
