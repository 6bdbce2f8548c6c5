# shellcheck shell=bash
# Finds a JDK 25 without starting one; sourced by ./mvnw and ./holdfast, so that nobody has to set JAVA_HOME.

JDK_WANTED=25

# jdk_release HOME: the feature version that the JDK's own release file states, or nothing.
jdk_release() {
  local line
  [[ -r $1/release && -x $1/bin/java ]] || return 0
  while IFS= read -r line; do
    if [[ $line =~ ^JAVA_VERSION=\"([0-9]+) ]]; then
      printf '%s' "${BASH_REMATCH[1]}"
      return 0
    fi
  done <"$1/release"
}

# find_jdk: sets JAVA_HOME to a JDK 25: JAVA_HOME itself, the java on PATH, or one under /usr/lib/jvm.
# Returns 1, after saying what was found and what to do, where there is none.
find_jdk() {
  local home java
  if java=$(command -v java); then java=$(readlink -f "$java"); fi
  for home in "${JAVA_HOME:-}" "${java%/bin/java}" /usr/lib/jvm/*; do
    if [[ $(jdk_release "$home") == "$JDK_WANTED" && -x $home/bin/javac ]]; then
      export JAVA_HOME=$home
      return 0
    fi
  done
  no_jdk_found
  return 1
}

no_jdk_found() {
  local home release found=()
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
    release=$(jdk_release "$home")
    [[ -z $release ]] || found+=("$home (Java $release)")
  done
  {
    echo "holdfast: no JDK $JDK_WANTED found: looked at JAVA_HOME, /usr/lib/jvm and the java on PATH."
    ((${#found[@]} == 0)) || printf '  found instead: %s\n' "${found[@]}"
    echo "  Install one, for example Eclipse Temurin $JDK_WANTED (https://adoptium.net, package temurin-$JDK_WANTED-jdk),"
    echo "  or set JAVA_HOME to where a JDK $JDK_WANTED is."
  } >&2
}
