# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is read by the files that this one is sourced with
# The folder that holds everything of one local stack (HOLDFAST_HOME), its ports, and the file that tells programs where everything is.
# Sourced after say.sh.
#
#   env        NAME=value a line: addresses for people, scripts and the command line (0600: it holds the catalog database's password)
#   settings   what this stack was started with: ports, sandbox, stanzas; kept, so that a second `up` means the same stack
#   logs/ run/ data/ sample/

HOME_MARK=.holdfast-stack
OS_USER=$(id -un)

# The variables that choose ports, with their defaults; settings of an earlier `up` and the environment override them, in this order.
PORT_DEFAULTS=(HOLDFAST_KAFKA_PORT=9092 HOLDFAST_KAFKA_CONTROLLER_PORT=9093 HOLDFAST_REGISTRY_PORT=8085 HOLDFAST_REGISTRY_MANAGEMENT_PORT=8086
  HOLDFAST_CATALOG_DB_PORT=5433 HOLDFAST_SAMPLE_PORT=5434
  HOLDFAST_CATALOG_PORT=8080 HOLDFAST_SCHEDULER_PORT=8081 HOLDFAST_RUNNER_PORT=8082 HOLDFAST_VALIDATOR_PORT=8083)

# locate_home: sets STACK (the folder itself), STACK_NAME (as it was named, perhaps a link) and the folders in it; creates nothing.
locate_home() {
  STACK_NAME=${HOLDFAST_HOME:-$HOME/.holdfast}
  [[ $STACK_NAME == /* ]] || STACK_NAME=$PWD/$STACK_NAME
  STACK_NAME=${STACK_NAME%/}
  STACK=$(readlink -m "$STACK_NAME")
  LOGS=$STACK/logs RUN=$STACK/run DATA=$STACK/data SAMPLE=$STACK/sample
}

home_exists() { [[ -e $STACK/$HOME_MARK ]]; }

# make_home: the folder exists afterwards, and PostgreSQL's OS user can reach what it needs in it.
make_home() {
  if [[ -d $STACK && ! -e $STACK/$HOME_MARK && -n $(ls -A "$STACK") ]]; then
    die "the folder $STACK is not a Holdfast stack's and not empty" "Choose another with HOLDFAST_HOME, or empty it."
  fi
  if ((EUID == 0)); then place_home_for_postgres; else mkdir -p "$STACK" && chmod 0700 "$STACK"; fi
  mkdir -p "$LOGS" "$RUN" "$DATA"
  : >"$STACK/$HOME_MARK"
}

# As root, PostgreSQL and the runner run as the user postgres. Where that user cannot pass through a parent folder (/root is 0700), the state
# lives under /var/lib/holdfast, and the folder that was named is a link to it.
place_home_for_postgres() {
  OS_USER=postgres
  mkdir -p "$(dirname "$STACK")"
  if ! may_pass "$(dirname "$STACK")"; then link_home; fi
  mkdir -p "$STACK"
  chmod 0711 "$STACK"
  may_pass "$STACK" || die "the user postgres cannot enter $STACK" "Choose a folder that it can with HOLDFAST_HOME, or remove this one."
}

may_pass() { as_user postgres test -x "$1"; }

link_home() {
  local name=default
  ! home_exists || die "the stack in $STACK cannot be used by the user postgres, who must enter it" "Move it, or remove it: ./holdfast down --purge"
  [[ $STACK_NAME == "$HOME/.holdfast" ]] || name=$(basename "$STACK_NAME")-$(printf '%s' "$STACK_NAME" | sha256sum | cut -c1-8)
  mkdir -p "/var/lib/holdfast/$name"
  chmod 0711 /var/lib/holdfast
  [[ ! -d $STACK_NAME ]] || rmdir "$STACK_NAME"
  rm -f "$STACK_NAME"
  ln -s "/var/lib/holdfast/$name" "$STACK_NAME"
  locate_home
  step "keeping the stack's state in $STACK, because the user postgres cannot enter $(dirname "$STACK_NAME")"
}

# as_user USER COMMAND...: replaces nothing, needs no password; as another user only where this is root.
as_user() {
  local user=$1
  shift
  if ((EUID == 0)) && [[ $user != root ]]; then
    setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups env HOME=/ "$@"
  else
    "$@"
  fi
}

# make_folder FOLDER MODE: owned by PostgreSQL's OS user.
make_folder() {
  mkdir -p "$1"
  chmod "$2" "$1"
  if ((EUID == 0)); then chown "$OS_USER:" "$1"; fi
}

# load_settings: ports and choices into variables of the same names.
load_settings() {
  local pair name file_value
  for pair in "${PORT_DEFAULTS[@]}"; do
    name=${pair%%=*}
    file_value=$(setting "$name")
    printf -v "$name" '%s' "${!name:-${file_value:-${pair#*=}}}"
    if ! [[ ${!name} =~ ^[0-9]{1,5}$ ]] || ((10#${!name} < 1 || 10#${!name} > 65535)); then
      die "$name is '${!name}', expected a port number (1 to 65535)"
    fi
  done
}

# setting NAME [DEFAULT]: as the last `up` kept it.
setting() {
  local value
  value=$(value_in "$STACK/settings" "$1")
  printf '%s' "${value:-${2:-}}"
}

# value_in FILE NAME: of its line NAME=value; nothing where file or line is missing.
value_in() {
  local name value
  [[ -r $1 ]] || return 0
  while IFS='=' read -r name value; do
    if [[ $name == "$2" ]]; then
      printf '%s' "$value"
      return 0
    fi
  done <"$1"
}

# keep_settings: what the next `up` starts from.
keep_settings() {
  local pair name
  {
    for pair in "${PORT_DEFAULTS[@]}"; do
      name=${pair%%=*}
      printf '%s=%s\n' "$name" "${!name}"
    done
    printf '%s\n' "SANDBOX=$SANDBOX" "CONFIG=$CONFIG" "WITH_SAMPLE=$WITH_SAMPLE"
  } >"$STACK/settings.new"
  mv "$STACK/settings.new" "$STACK/settings"
}

# write_env: the addresses, for `holdfast env` and the command line.
write_env() {
  local database="jdbc:postgresql://127.0.0.1:$HOLDFAST_CATALOG_DB_PORT/holdfast"
  {
    printf '%s\n' "HOLDFAST_HOME=$STACK_NAME" "HOLDFAST_KAFKA=127.0.0.1:$HOLDFAST_KAFKA_PORT" \
      "HOLDFAST_REGISTRY=http://127.0.0.1:$HOLDFAST_REGISTRY_PORT$REGISTRY_API" \
      "HOLDFAST_CATALOG=http://127.0.0.1:$HOLDFAST_CATALOG_PORT" "HOLDFAST_SCHEDULER=http://127.0.0.1:$HOLDFAST_SCHEDULER_PORT" \
      "HOLDFAST_CATALOG_DB=$database?user=holdfast&password=$CATALOG_DB_PASSWORD"
    stanza_env
  } >"$STACK/env.new"
  chmod 0600 "$STACK/env.new"
  mv "$STACK/env.new" "$STACK/env"
}

# lock_home: one `up` or `down` at a time; held until this script, and what an interrupted one was still doing, has ended.
lock_home() {
  exec 9>"$STACK/lock"
  flock -n 9 && return 0
  step "waiting for another ./holdfast up or down on $STACK_NAME to end"
  flock -w 60 9 || die "another ./holdfast up or down is at work on $STACK_NAME" "Wait until it has ended."
}
