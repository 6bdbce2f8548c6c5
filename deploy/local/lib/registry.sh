# shellcheck shell=bash
# The schema registry of the local stack: Apicurio with Confluent's REST API, its schemas in an H2 file, so that they survive a restart.
# Sourced after jvm.sh and ports.sh; a caller of start_registry has process.sh and home.sh too.

REGISTRY_API=/apis/ccompat/v7

# registry_flags FOLDER PORT MANAGEMENT_PORT: sets FLAGS.
registry_flags() {
  FLAGS=(-Dquarkus.http.host=127.0.0.1 "-Dquarkus.http.port=$2"
    -Dquarkus.management.host=127.0.0.1 "-Dquarkus.management.port=$3"
    "-Dapicurio.datasource.url=jdbc:h2:file:$1/registry"
    # the defaults open twenty connections at once
    -Dapicurio.datasource.jdbc.initial-size=1 -Dapicurio.datasource.jdbc.min-size=1)
}

# start_registry FOLDER PORT MANAGEMENT_PORT
start_registry() {
  load_app registry
  mkdir -p "$1"
  chmod 0700 "$1"
  registry_flags "$@"
  java_command
  spawn registry root "${COMMAND[@]:0:1}" "${FLAGS[@]}" "${COMMAND[@]:1}"
}

# set_registry_default URL: every subject's compatibility unless it has its own; the registry's own default is NONE.
set_registry_default() {
  curl -fsS -o /dev/null -X PUT -H 'Content-Type: application/vnd.schemaregistry.v1+json' \
    -d '{"compatibility": "BACKWARD_TRANSITIVE"}' "$1/config"
}

# train_registry SCRATCH: starts, registers one schema, stops.
train_registry() {
  local registry port deadline=$((SECONDS + 60))
  port=$(free_port)
  registry_flags "$1" "$port" "$(free_port)"
  java_command
  "${COMMAND[@]:0:1}" "-XX:AOTCacheOutput=$1/registry.aot" "${FLAGS[@]}" "${COMMAND[@]:1}" >"$1/registry.log" 2>&1 &
  registry=$!
  until curl -fs -o /dev/null "http://127.0.0.1:$port$READY"; do
    if ! kill -0 "$registry" || ((SECONDS >= deadline)); then break; fi
    sleep 0.1
  done
  registry_work "http://127.0.0.1:$port$REGISTRY_API" || true
  kill "$registry"
  wait "$registry" || true
  tail -n 20 "$1/registry.log" | cut -c1-300
}

# registry_work URL: what a producer and a consumer ask for.
registry_work() {
  local schema='{"schema": "{\"type\":\"record\",\"name\":\"Training\",\"fields\":[{\"name\":\"a\",\"type\":\"string\"}]}"}'
  local post=(curl -fsS -X POST -H 'Content-Type: application/vnd.schemaregistry.v1+json' -d "$schema")
  set_registry_default "$1"
  "${post[@]}" "$1/subjects/training/versions"
  "${post[@]}" "$1/subjects/training"
  curl -fsS "$1/subjects" "$1/schemas/ids/1" "$1/config/training?defaultToGlobal=true"
}
