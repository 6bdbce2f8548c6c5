# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is read by the files that this one is sourced with
# `holdfast up`: looks first (tools, ports, space, configuration), then starts everything at once, waits until all is ready, and on a machine
# without a stanza of its own makes and proves a backup of the sample. Starts only what does not run, so it also heals a half-finished start.

UP_USAGE="Usage: ./holdfast up [--yes] [--no-sample] [--config FILE] [--sandbox=docker|process]"
SPACE_NEEDED_MB=3000

up() {
  up_arguments "$@"
  find_jdk
  locate_home
  install_tools
  make_home
  lock_home
  load_settings
  choose_stack
  check_ports
  check_space
  if needs_build; then build; fi
  prepare_sandbox
  keep_settings
  trap interrupted INT TERM
  start_all
  prove_sample
  report
}

up_arguments() {
  CONFIG='' SANDBOX='' WITH_SAMPLE=''
  while (($#)); do
    case $1 in
      --yes | -y) ASSUME_YES=true ;;
      --no-sample) WITH_SAMPLE=false ;;
      --config)
        (($# > 1)) || usage_error "--config needs a file"
        CONFIG=$2 && shift
        ;;
      --config=*) CONFIG=${1#*=} ;;
      --sandbox=docker | --sandbox=process) SANDBOX=${1#*=} ;;
      --help | -h) say "$UP_USAGE" && exit 0 ;;
      *) usage_error "unknown argument: $1" ;;
    esac
    shift
  done
}

usage_error() {
  printf 'holdfast: %s\n  %s\n' "$1" "$UP_USAGE" >&2
  exit 2
}

install_tools() {
  want_base_tools
  install_wanted
}

# choose_stack: arguments first, then what the last `up` was told, then the defaults.
choose_stack() {
  SANDBOX=${SANDBOX:-$(setting SANDBOX docker)}
  CONFIG=${CONFIG:-$(setting CONFIG)}
  WITH_SAMPLE=${WITH_SAMPLE:-$(setting WITH_SAMPLE true)}
  [[ -z $CONFIG ]] || CONFIG=$(readlink -f "$CONFIG" || printf '%s' "$CONFIG")
  make_password "$DATA/catalog-role.password"
  CATALOG_DB_PASSWORD=$(<"$DATA/catalog-role.password")
  choose_stanzas
  [[ -z $CONFIG ]] || check_stanzas
}

# port_of PART: the variables that hold its ports.
ports_of() {
  case $1 in
    broker) echo HOLDFAST_KAFKA_PORT HOLDFAST_KAFKA_CONTROLLER_PORT ;;
    registry) echo HOLDFAST_REGISTRY_PORT HOLDFAST_REGISTRY_MANAGEMENT_PORT ;;
    catalog-db) echo HOLDFAST_CATALOG_DB_PORT ;;
    sample-db) echo HOLDFAST_SAMPLE_PORT ;;
    *) echo "HOLDFAST_${1^^}_PORT" ;;
  esac
}

# check_ports: nothing is started as long as anybody else holds a port that is needed.
check_ports() {
  local part variable taken=()
  for part in "${ALL_PARTS[@]}"; do
    if alive "$part" || { [[ $part == sample-db ]] && ! has_sample; }; then continue; fi
    for variable in $(ports_of "$part"); do
      ! is_listening "${!variable}" || taken+=("port ${!variable} for the $part is held by $(holder_of "${!variable}"); free it, or choose another: $variable=NUMBER ./holdfast up")
    done
  done
  ((${#taken[@]} == 0)) || die "ports that are needed are in use, so nothing was started" "${taken[@]}"
}

has_sample() { [[ -z $CONFIG ]]; }

check_space() {
  local free
  free=$(df -Pm "$STACK/" | awk 'NR == 2 { print $4 }')
  ((free >= SPACE_NEEDED_MB)) || die "only $free MB are free where $STACK lies, $SPACE_NEEDED_MB MB are needed" "Free some, or choose another place with HOLDFAST_HOME."
}

# prepare_sandbox: the engine and the image; the process sandbox needs neither, and is never chosen here.
prepare_sandbox() {
  if [[ $SANDBOX == process ]]; then
    warn "restores are tested in plain processes, as asked: less isolated than a container"
    return 0
  fi
  ensure_engine
  ensure_sandbox_image
  ensure_kafka_image
}

interrupted() {
  trap - INT TERM
  # shellcheck disable=SC2046 # one word per process
  kill $(jobs -p) 2>/dev/null || true
  printf '\nholdfast: interrupted; ./holdfast up goes on from here, ./holdfast down ends what runs\n' >&2
  exit 130
}

# start_all: what needs nothing first, all at once, then the services, all at once.
start_all() {
  BEGAN=${EPOCHREALTIME/[.,]/}
  JOBS=()
  say "Starting (state: $STACK, logs: $LOGS)"
  job run_broker
  job run_registry
  job run_catalog_db
  if has_sample; then job run_sample; fi
  finish_jobs
  write_env
  check_stanzas
  local service
  for service in runner scheduler validator catalog; do job run_service "$service"; done
  finish_jobs
}

# job FUNCTION ARGUMENT...: in the background; it prints its own line when its part is ready.
job() {
  "$@" &
  JOBS+=($!)
}

# finish_jobs: all have succeeded, or the script ends; what runs stays, for the next try.
finish_jobs() {
  local pid failed=0
  for pid in "${JOBS[@]}"; do wait "$pid" || failed=$((failed + 1)); done
  JOBS=()
  ((failed == 0)) || die "not everything could be started (see above)" "After mending it, ./holdfast up goes on from here; ./holdfast down ends what runs."
}

# ready WHAT [ADDRESS]
ready() {
  local now=${EPOCHREALTIME/[.,]/}
  local tenths=$(((now - BEGAN) / 100000))
  printf '  %3d.%d s  %-18s %s\n' $((tenths / 10)) $((tenths % 10)) "$1" "${2:-}"
}

run_broker() {
  alive broker || start_broker "$DATA/broker" "$HOLDFAST_KAFKA_PORT" "$HOLDFAST_KAFKA_CONTROLLER_PORT"
  await broker "the Kafka broker" 60 is_listening "$HOLDFAST_KAFKA_PORT"
  ready "Kafka broker" "127.0.0.1:$HOLDFAST_KAFKA_PORT"
}

run_registry() {
  local url=http://127.0.0.1:$HOLDFAST_REGISTRY_PORT$REGISTRY_API
  alive registry || start_registry "$DATA/registry" "$HOLDFAST_REGISTRY_PORT" "$HOLDFAST_REGISTRY_MANAGEMENT_PORT"
  await registry "the schema registry" 90 curl -fs -m 5 "$url/config"
  set_registry_default "$url"
  ready "schema registry" "$url"
}

run_catalog_db() {
  start_catalog_db
  ready "catalog database" "127.0.0.1:$HOLDFAST_CATALOG_DB_PORT"
}

run_sample() {
  start_sample
  ready "sample cluster" "127.0.0.1:$HOLDFAST_SAMPLE_PORT (stanza mcpgov)"
}

run_service() {
  local port=HOLDFAST_${1^^}_PORT
  alive "$1" || start_service "$1"
  await "$1" "the $1" 120 is_ready "$1"
  ready "$1" "http://127.0.0.1:${!port}"
}

# prove_sample: once; an earlier try that was cut off is made again.
prove_sample() {
  if ! has_sample || [[ $WITH_SAMPLE == false || -e $SAMPLE/proven ]]; then return 0; fi
  say "Backing up the sample and proving the backup by a restore"
  local proven=true
  command_line policy apply -f "$ROOT/deploy/local/sample/policy.yaml"
  command_line backup mcpgov --type full --reason "first backup of the sample" --wait=proven --timeout 10m || proven=false
  show_proof
  if [[ $proven == false ]]; then
    report
    die "everything runs, but the sample's backup is not proven (see above)" "Look at: ./holdfast list mcpgov, $LOGS/runner.log and validator.log; ./holdfast up tries again."
  fi
  : >"$SAMPLE/proven"
}

# command_line ARGUMENT...: the command line on this stack, whatever the caller's own environment says.
command_line() {
  env -u HOLDFAST_KAFKA -u HOLDFAST_REGISTRY -u HOLDFAST_CATALOG -u HOLDFAST_SCHEDULER "HOLDFAST_HOME=$STACK" "$ROOT/holdfast" "$@"
}

# show_proof: the newest restore test's checks with their seconds, as the catalog has them.
show_proof() {
  local tests="http://127.0.0.1:$HOLDFAST_CATALOG_PORT/api/v1/restore-tests" id
  id=$(curl -fs "$tests?stanza=mcpgov&limit=1" | grep -o '"testId":"[^"]*"' | head -n 1 | cut -d'"' -f4) || return 0
  curl -fs "$tests/$id" | tr '{' '\n' | sed -n 's/^"name":"\([^"]*\)","outcome":"\([^"]*\)","seconds":\([0-9.]*\).*/\2 \1 \3/p' \
    | while read -r outcome name seconds; do printf '  %-8s %-18s %8s s\n' "$outcome" "$name" "$seconds"; done || true
}

report() {
  say "Holdfast is up:"
  say "  catalog page      http://127.0.0.1:$HOLDFAST_CATALOG_PORT/"
  say "  scheduler         http://127.0.0.1:$HOLDFAST_SCHEDULER_PORT/"
  say "  Kafka             127.0.0.1:$HOLDFAST_KAFKA_PORT"
  say "  schema registry   http://127.0.0.1:$HOLDFAST_REGISTRY_PORT$REGISTRY_API"
  say "  stanzas           $STANZAS ($STANZA_CONFIG)"
  say "  logs              $LOGS"
  say "Next: ./holdfast status, ./holdfast events --follow; ./holdfast down ends it."
}
