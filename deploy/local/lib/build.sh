# shellcheck shell=bash
# Builds the apps where they are missing or older than their sources. Sourced after say.sh.

APPS=(scheduler-service runner-service validator-service catalog-service cli)

# needs_build: whether anything that `up` starts is missing, or a source is newer than the last build.
needs_build() {
  local app built=$ROOT/deploy/local/target/built
  for app in "${APPS[@]}"; do
    [[ -e $ROOT/$app/target/app/$app.jar ]] || return 0
    is_older_than_sources "$ROOT/$app/target/app/$app.jar" "$built" "$ROOT/$app" "$ROOT/schemas" && return 0
  done
  [[ ! -e $ROOT/deploy/local/target/registry/quarkus-run.jar || ! -d $ROOT/deploy/local/target/kafka/lib ]]
}

# is_older_than_sources JAR BUILT MODULE...: Maven leaves a jar alone whose content is the same, so the time of the last build counts too.
is_older_than_sources() {
  local reference=$1
  if [[ $2 -nt $1 ]]; then reference=$2; fi
  shift 2
  [[ -n $(find "${@/%//src/main}" "${@/%//pom.xml}" "$ROOT/pom.xml" -newer "$reference" -type f -print -quit) ]]
}

# build: the apps, without their tests; Maven's output goes to a log, its progress to the screen.
build() {
  local log=$ROOT/deploy/local/target/build.log modules
  mkdir -p "$ROOT/deploy/local/target"
  step "building Holdfast (the first time downloads from Maven Central and takes some minutes; log: $log)"
  modules=$(module_list)
  if ! (cd "$ROOT" && ./mvnw -B -ntp -DskipTests -Dspotless.check.skip=true -pl "$modules" -am package) 2>&1 | tee "$log" | sed -un 's/^\[INFO\] Building \(.*\) 0\.[^[]*\(\[.*\]\)$/    \2 \1/p'; then
    grep -E '^\[ERROR\]' "$log" | head -n 15 >&2
    die "the build failed" "Its whole output is in $log. To see it live: ./mvnw -DskipTests package"
  fi
  touch "$ROOT/deploy/local/target/built"
}

module_list() {
  local IFS=,
  printf '%s' "deploy/local,${APPS[*]}"
}
