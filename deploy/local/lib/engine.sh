# shellcheck shell=bash
# The container engine: uses the one that answers, else starts a dockerd that publishes ports on loopback only.
# Sourced after say.sh, packages.sh and daemon.sh. The engine is shared by whoever uses this machine, so nothing here ever stops it.

ENGINE_RUN=/run/holdfast
ENGINE_LOG=/var/log/holdfast/dockerd.log
WITHOUT_ENGINE="Without an engine, restores can be tested in plain processes, with less isolation, if you say so: ./holdfast up --sandbox=process"

# engine_answers: whether a Docker-compatible engine can be used by this user.
engine_answers() { command -v docker >/dev/null && docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }

# ensure_engine: an engine answers afterwards, or the script has ended with the reason.
ensure_engine() {
  engine_answers && return 0
  refuse_unreachable_engine
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    die "no container engine answers, and starting one needs root" "Have an administrator install and start Docker or Podman's Docker API." "$WITHOUT_ENGINE"
  fi
  want_engine_tools
  install_wanted
  start_engine
}

# A running engine that this user may not use must not be answered with a second one.
refuse_unreachable_engine() {
  if [[ -n ${DOCKER_HOST:-} && $DOCKER_HOST != unix:///var/run/docker.sock ]]; then
    die "no container engine answers at DOCKER_HOST=$DOCKER_HOST" "Start that engine, or unset DOCKER_HOST." "$WITHOUT_ENGINE"
  fi
  if ((EUID != 0)) && [[ -S /var/run/docker.sock && ! -w /var/run/docker.sock ]]; then
    die "the user $(id -un) may not use the container engine at /var/run/docker.sock" \
      "Add the user to the group docker (sudo usermod -aG docker $(id -un)) and log in again." "$WITHOUT_ENGINE"
  fi
}

start_engine() {
  if [[ -d /run/systemd/system ]]; then
    step "starting the docker service"
    as_root systemctl start docker || true
  else
    step "starting dockerd (log: $ENGINE_LOG)"
    as_root mkdir -p "$ENGINE_RUN" "$(dirname "$ENGINE_LOG")"
    mountpoint -q /sys/fs/cgroup || as_root cgroupfs-mount
    forget_dead_process dockerd "$ENGINE_RUN/dockerd.pid"
    forget_dead_process containerd /var/run/docker/containerd/containerd.pid
    as_root rm -f "$ENGINE_RUN/starting"
    # shellcheck disable=SC2016 # the inner shell expands
    # setsid: outlives this script and its terminal. --ip: published ports are reachable from this machine only.
    (
      # the lock of the `up` that starts it, too
      close_inherited
      as_root setsid -f sh -c 'echo $$ >"$1/starting"; exec dockerd --host unix:///var/run/docker.sock --ip 127.0.0.1 --pidfile "$1/dockerd.pid" --log-level warn >>"$2" 2>&1 </dev/null' \
        dockerd "$ENGINE_RUN" "$ENGINE_LOG"
    )
  fi
  await_engine
}

# forget_dead_process NAME FILE: an engine that was killed leaves its process id behind; once the machine has given that number to somebody else, the
# next engine would take it for its own and not start.
forget_dead_process() {
  local pid
  [[ -r $2 ]] || return 0
  pid=$(<"$2")
  if [[ $(cat "/proc/$pid/comm" 2>/dev/null) != "$1" ]]; then as_root rm -f "$2"; fi
}

await_engine() {
  local deadline=$((SECONDS + 60))
  until engine_answers; do
    if engine_ended; then engine_failed "the container engine ended as soon as it was started"; fi
    if ((SECONDS >= deadline)); then engine_failed "the container engine did not answer within 60 seconds"; fi
    sleep 0.2
  done
}

# engine_failed FOUND
engine_failed() {
  [[ ! -r $ENGINE_LOG ]] || tail -n 15 "$ENGINE_LOG" >&2
  die "$1" "Its last words are above; its log: $ENGINE_LOG (or: journalctl -u docker)." "$WITHOUT_ENGINE"
}

# engine_ended: whether the one that was started here is gone again.
engine_ended() { [[ -r $ENGINE_RUN/starting && ! -d /proc/$(<"$ENGINE_RUN/starting") ]]; }

# ensure_compose: `docker compose`, version 2.24 or newer, answers afterwards. Debian 12 has none.
ensure_compose() {
  take_program "docker compose, 2.24 or newer" docker-compose /usr/libexec/docker/cli-plugins/docker-compose \
    /usr/local/lib/docker/cli-plugins/docker-compose compose_answers
}

compose_answers() { [[ $(docker compose version --short 2>/dev/null) =~ ^v?(2\.(2[4-9]|[3-9][0-9])|[3-9]|[1-9][0-9])[.] ]]; }
