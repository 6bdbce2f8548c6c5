# shellcheck shell=bash
# shellcheck disable=SC2034 # what is set here is read by the files that this one is sourced with
# How every JVM of the local stack is started, and how its AOT cache is trained: the flags must be the same both times, or the
# cache is not used. Sourced after .mvn/find-jdk.sh; reads services/NAME.conf.

# Small machines, short lives: the simplest collector, the quick compiler, compact headers, small stacks.
JVM_FLAGS=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+UseCompactObjectHeaders -Xss512k)

# load_app NAME [FOLDER]: sets what services/NAME.conf says of an app; FOLDER where it is not the checkout's own build.
#   APP          its folder                          ENTRY           what follows the flags: -jar … or -cp … Main
#   HEAP         limit of the heap                   JVM             further flags
#   PORT         variable that holds its port        READY           path that answers 200 when it is ready
#   TRAIN_JVM, TRAIN_ENV, TRAIN_ARGUMENTS            what differs in a training run
#   TRAIN_UNTIL    path that answers 200 when the training run has seen enough; empty: it ends by itself
load_app() {
  APP_NAME=$1 APP=${2:-$ROOT/$1/target/app}
  HEAP=64m JVM=() PORT='' READY='' TRAIN_JVM=() TRAIN_ENV=() TRAIN_ARGUMENTS=() TRAIN_UNTIL=''
  ENTRY=(-jar "$APP/$APP_NAME.jar")
  # shellcheck source=/dev/null
  . "$ROOT/deploy/local/services/$APP_NAME.conf"
  CACHE=$APP/$APP_NAME.aot
}

# java_command: sets COMMAND to start the loaded app, with its AOT cache where there is one.
# The JVM leaves a cache that does not fit it unused, and says so in the log.
java_command() {
  COMMAND=("$JAVA_HOME/bin/java" "${JVM_FLAGS[@]}" "-Xmx$HEAP" "${JVM[@]}")
  [[ ! -e $CACHE ]] || COMMAND+=("-XX:AOTCache=$CACHE")
  COMMAND+=("${ENTRY[@]}")
}

# class_path JAR...: joined, in a fixed order: a wildcard's order may differ from one copy to the next.
class_path() {
  local IFS=:
  printf '%s' "$*"
}

# training_stamp: what a cache depends on beside the jars: the JVM's build and the flags.
training_stamp() {
  local line release=unknown
  while IFS= read -r line; do
    [[ $line != JAVA_RUNTIME_VERSION=* ]] || release=$line
  done <"$JAVA_HOME/release"
  printf '%s\n' "$release" "${JVM_FLAGS[*]} -Xmx$HEAP ${JVM[*]}" "${TRAIN_JVM[*]} ${TRAIN_ENV[*]} ${TRAIN_ARGUMENTS[*]} $TRAIN_UNTIL" "$APP"
}

# is_trained: whether the loaded app's cache is newer than every jar and was made by this JVM with these flags.
is_trained() {
  [[ -e $CACHE && -e $CACHE.of && $(<"$CACHE.of") == "$(training_stamp)" ]] || return 1
  [[ -z $(find "$APP" -name '*.jar' -newer "$CACHE" -print -quit) ]]
}
