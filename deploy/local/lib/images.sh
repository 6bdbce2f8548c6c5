# shellcheck shell=bash
# Builds the container images of the local stack and of the tests from deploy/images, once per content of their folder.
# Sourced after say.sh, packages.sh, engine.sh. Where an image registry can be reached, its images are used; where not,
# the Debian base is made from Debian's packages and Kafka's from Maven Central's jars.

SANDBOX_IMAGE=holdfast/sandbox:$PG_MAJOR
KAFKA_VERSION=4.2.1
KAFKA_IMAGE=apache/kafka:$KAFKA_VERSION
SOURCE_LABEL=dev.holdfast.source
REGISTRY_ANSWERS=unknown

image_exists() { docker image inspect "$1" >/dev/null 2>&1; }

# pull IMAGE: false where no registry can be reached; asks an unreachable one only once.
pull() {
  [[ $REGISTRY_ANSWERS != no ]] || return 1
  step "pulling $1"
  if timeout 300 docker pull -q "$1" >/dev/null 2>&1; then
    REGISTRY_ANSWERS=yes
  else
    REGISTRY_ANSWERS=no
    return 1
  fi
}

# ensure_base_image [RELEASE]: of Debian, bookworm where none is named.
ensure_base_image() {
  local release=${1:-bookworm}
  image_exists "debian:$release-slim" || pull "debian:$release-slim" || debootstrap_base_image "$release"
}

# debootstrap_base_image RELEASE: the same content as the public image, straight from Debian's mirror.
debootstrap_base_image() {
  step "no image registry can be reached: making debian:$1-slim from Debian's packages (about a minute)"
  command -v mmdebstrap >/dev/null || want mmdebstrap "makes the base image where no image registry can be reached"
  install_wanted
  # what merges /bin into /usr on older systems would bring all of Perl; here they are merged from the beginning
  local merged=()
  [[ $1 != bookworm ]] || merged=(--include=usr-is-merged --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr)
  # shellcheck disable=SC2016 # mmdebstrap's shell expands
  # man1 stays: the scripts of Java packages fail without it.
  debian_sources "$1" | as_root mmdebstrap --quiet --variant=minbase --format=tar "${merged[@]}" \
    --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --customize-hook='rm -rf "$1"/usr/share/man/* && mkdir -p "$1/usr/share/man/man1"' \
    "$1" - - | docker import --change 'CMD ["bash"]' - "debian:$1-slim" >/dev/null
}

# debian_sources RELEASE: the host's own mirror where the host is Debian 12 and so is the release, else Debian's public one.
debian_sources() {
  local own=/etc/apt/sources.list.d/debian.sources
  if [[ $1 == bookworm && -r $own ]] && grep -q '^Suites:.*bookworm' "$own"; then
    cat "$own"
  else
    printf '%s\n' "deb http://deb.debian.org/debian $1 main" "deb http://deb.debian.org/debian $1-updates main" \
      "deb http://deb.debian.org/debian-security $1-security main"
  fi
}

# content_of FOLDER [TEXT...]: a digest that changes when the folder's files, or the text, do.
content_of() {
  local folder=$1
  shift
  { printf '%s\n' "$@"; cd "$folder" && find . -type f ! -path './libs/*' -print0 | sort -z | xargs -0 sha256sum; } | sha256sum | cut -c1-16
}

# is_current IMAGE DIGEST: whether the image was built from just this content.
is_current() { [[ $(docker image inspect --format "{{index .Config.Labels \"$SOURCE_LABEL\"}}" "$1" 2>/dev/null) == "$2" ]]; }

# build_image IMAGE FOLDER DIGEST [ARGUMENT...]
build_image() {
  local image=$1 folder=$2 digest=$3 log buildkit=0
  shift 3
  log=$(mktemp /tmp/holdfast-image.XXXXXX)
  step "building the image $image"
  ! docker buildx version >/dev/null 2>&1 || buildkit=1
  if ! DOCKER_BUILDKIT=$buildkit docker build -t "$image" --label "$SOURCE_LABEL=$digest" "$@" "$folder" >"$log" 2>&1; then
    tail -n 25 "$log" >&2
    die "the image $image could not be built" "The whole output is in $log."
  fi
  rm -f "$log"
}

ensure_sandbox_image() {
  local folder=$ROOT/deploy/images/sandbox digest
  digest=$(content_of "$folder" "$PG_MAJOR")
  is_current "$SANDBOX_IMAGE" "$digest" && return 0
  ensure_base_image
  build_image "$SANDBOX_IMAGE" "$folder" "$digest" --build-arg "PG_MAJOR=$PG_MAJOR"
}

# Only tests use it (Testcontainers' KafkaContainer asks for this name); the local stack's broker is a plain process.
ensure_kafka_image() {
  local folder=$ROOT/deploy/images/kafka digest
  digest=$(content_of "$folder" "$KAFKA_VERSION")
  is_current "$KAFKA_IMAGE" "$digest" && return 0
  if image_exists "$KAFKA_IMAGE" && ! is_our_kafka; then return 0; fi
  image_exists "$KAFKA_IMAGE" || ! pull "$KAFKA_IMAGE" || return 0
  ensure_base_image
  ensure_kafka_jars
  rm -rf "$folder/libs"
  cp -a "$ROOT/deploy/local/target/kafka/lib" "$folder/libs"
  build_image "$KAFKA_IMAGE" "$folder" "$digest"
  rm -rf "$folder/libs"
}

is_our_kafka() { [[ -n $(docker image inspect --format "{{index .Config.Labels \"$SOURCE_LABEL\"}}" "$KAFKA_IMAGE" 2>/dev/null) ]]; }

ensure_kafka_jars() {
  [[ ! -e $ROOT/deploy/local/target/kafka/lib/kafka_2.13-$KAFKA_VERSION.jar ]] || return 0
  step "downloading Kafka $KAFKA_VERSION from Maven Central"
  (cd "$ROOT" && ./mvnw -q -B -ntp -f deploy/local/pom.xml process-resources -Dholdfast.registry.skip=true)
}
