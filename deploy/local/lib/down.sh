# shellcheck shell=bash
# `holdfast down`, `env` and `pids`: what can be asked of, or done to, a stack that `up` started.

# the label of the validator's throwaway containers
SANDBOX_LABEL=dev.holdfast.sandbox

# down [--purge]: ends everything in the order services, registry, broker, databases, so that nothing loses what it still writes to.
down() {
  local purge=false part
  for part in "$@"; do
    case $part in
      --purge) purge=true ;;
      --yes | -y) ;;
      *)
        printf 'holdfast: unknown argument: %s\n  Usage: ./holdfast down [--purge]\n' "$part" >&2
        exit 2
        ;;
    esac
  done
  locate_home
  if ! home_exists; then
    say "nothing to stop: there is no stack in $STACK"
    return 0
  fi
  lock_home
  stop_all
  if [[ $purge == true ]]; then purge; else say "stopped; the data stays in $STACK_NAME"; fi
}

stop_all() {
  local part
  # the services at once: each has its own work to finish
  for part in catalog scheduler validator runner; do
    if alive "$part"; then kill -TERM "$PID" 2>/dev/null || true; fi
  done
  for part in catalog scheduler validator runner; do stop "$part" TERM 30; done
  stop registry TERM 20
  stop broker TERM 30
  # INT is PostgreSQL's fast shutdown: sessions end, everything is written
  stop sample-db INT 60
  stop catalog-db INT 60
}

# purge: the folder, what it links to, and the throwaway containers that a killed validator left.
purge() {
  local socket repository
  repository=$(value_in "$STACK/env" HOLDFAST_REPO)
  if [[ -n $repository ]] && engine_answers; then
    # another stack's sandboxes have the same label, but another repository
    docker ps -aq --filter "label=$SANDBOX_LABEL" --filter "volume=$repository" | xargs -r docker rm -fv >/dev/null
  fi
  for socket in catalog-db sample-db; do
    SOCKETS=''
    socket_path "$socket"
    rm -rf "$SOCKETS"
  done
  rm -rf "$STACK"
  [[ ! -L $STACK_NAME ]] || rm -f "$STACK_NAME"
  say "stopped; removed $STACK_NAME and everything in it"
}

# show_env: shell exports of the running stack.
show_env() {
  local line
  locate_home
  if [[ ! -r $STACK/env ]] || ! alive broker; then die "there is no running stack in $STACK" "Start it: ./holdfast up"; fi
  while IFS= read -r line; do
    printf "export %s='%s'\n" "${line%%=*}" "${line#*=}"
  done <"$STACK/env"
}

# show_pids: name and process id of everything that runs, a line each.
show_pids() {
  local part
  locate_home
  for part in "${ALL_PARTS[@]}"; do
    ! alive "$part" || printf '%s %s\n' "$part" "$PID"
  done
}
