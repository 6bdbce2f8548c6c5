# shellcheck shell=bash
# The four services of Holdfast, as processes of the local stack. Sourced after jvm.sh, home.sh, process.sh.

# service_user NAME: PostgreSQL's OS user runs what touches PostgreSQL's files.
service_user() {
  case $1 in
    runner) printf '%s' "$RUNNER_USER" ;;
    validator) if [[ $SANDBOX == process ]]; then printf '%s' "$RUNNER_USER"; else printf '%s' "$(id -un)"; fi ;;
    *) id -un ;;
  esac
}

# service_folder NAME USER: sets FOLDER to where the service's app can be read by that user: the build itself, or a copy in the stack.
service_folder() {
  FOLDER=$ROOT/$1-service/target/app
  if as_user "$2" test -r "$FOLDER/$1-service.jar"; then return 0; fi
  local copy=$DATA/app/$1-service
  if [[ ! -e $copy.copied || -n $(find "$FOLDER" -newer "$copy.copied" -print -quit) ]]; then
    mkdir -p "$DATA/app"
    rm -rf "$copy"
    touch "$copy.copied"
    # times are kept: an AOT cache fits only jars of the very same time
    cp -a "$FOLDER" "$copy"
    chmod -R a+rX "$copy"
  fi
  FOLDER=$copy
}

# start_service NAME
start_service() {
  local name=$1 user state=$DATA/$1
  user=$(service_user "$name")
  mkdir -p "$state"
  if ((EUID == 0)); then chown "$user:" "$state"; fi
  chmod 0700 "$state"
  service_folder "$name" "$user"
  load_app "$name-service" "$FOLDER"
  java_command
  service_environment "$name" "$state"
  (cd "$state" && spawn "$name" "$user" env -u HOLDFAST_KAFKA_CONFIG -u HOLDFAST_OIDC_ISSUER "${ENVIRONMENT[@]}" "${COMMAND[@]}")
}

# service_environment NAME STATE: sets ENVIRONMENT.
service_environment() {
  local upper=${1^^} port
  port=HOLDFAST_${upper}_PORT
  ENVIRONMENT=("HOLDFAST_KAFKA=127.0.0.1:$HOLDFAST_KAFKA_PORT" "HOLDFAST_REGISTRY=http://127.0.0.1:$HOLDFAST_REGISTRY_PORT$REGISTRY_API"
    HOLDFAST_BIND=127.0.0.1 "$port=${!port}" "HOLDFAST_${upper}_STATE=$2")
  case $1 in
    catalog) ENVIRONMENT+=("HOLDFAST_CATALOG_DB=jdbc:postgresql://127.0.0.1:$HOLDFAST_CATALOG_DB_PORT/holdfast"
      HOLDFAST_CATALOG_DB_USER=holdfast "HOLDFAST_CATALOG_DB_PASSWORD=$CATALOG_DB_PASSWORD") ;;
    runner) ENVIRONMENT+=("HOLDFAST_RUNNER_STANZAS=$STANZAS" "HOLDFAST_PGBACKREST_CONFIG=$STANZA_CONFIG" "PATH=$PG_BIN:$PATH") ;;
    validator) ENVIRONMENT+=("HOLDFAST_VALIDATOR_STANZAS=$STANZAS" "HOLDFAST_PGBACKREST_CONFIG=$STANZA_CONFIG" "HOLDFAST_SANDBOX=$SANDBOX"
      "HOLDFAST_SANDBOX_IMAGE=$SANDBOX_IMAGE" "PATH=$PG_BIN:$PATH") ;;
  esac
}

# is_ready NAME: by its own word.
is_ready() {
  local port=HOLDFAST_${1^^}_PORT
  curl -fs -m 5 -o /dev/null "http://127.0.0.1:${!port}/actuator/health/readiness"
}
