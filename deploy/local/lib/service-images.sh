# shellcheck shell=bash
# The images of the services: each is a base and one archive of ours, ADDed as it is. The archive is the same wherever one commit is built: its
# files are sorted, belong to root and have the commit's time. Sourced after jvm.sh, say.sh, packages.sh, images.sh, runtime.sh.

IMAGES=$ROOT/deploy/images
STAGES=$IMAGES/target
RUNTIME_IMAGE=holdfast/runtime

# project_version: the pom's, without -SNAPSHOT.
project_version() { sed -n '/<artifactId>holdfast<\/artifactId>/{n;s/ *<version>\(.*\)<\/version>/\1/;s/-SNAPSHOT//;p;q}' "$ROOT/pom.xml"; }

registry_version() { sed -n 's/.*<apicurio-registry.version>\(.*\)<.*/\1/p' "$ROOT/pom.xml"; }

# commit_time: seconds since the epoch; that of the last commit, or where there is none the time stamp that the build gives its jars.
commit_time() {
  printf '%s' "${SOURCE_DATE_EPOCH:-$(git -C "$ROOT" log -1 --format=%ct 2>/dev/null || date -u -d 2026-11-22 +%s)}"
}

# image_of NAME: its name without the tag.
image_of() { printf 'holdfast/%s' "$1"; }

# tags_of NAME
tags_of() {
  if [[ $1 == postgres ]]; then printf '%s\n' "$PG_MAJOR"; else printf '%s\n' "$(project_version)" latest; fi
}

# app_of NAME: sets APP_NAME, APP, COMMAND and the rest of load_app; nothing for postgres, which has no Java.
app_of() {
  case $1 in
    registry | cli) load_app "$1" ;;
    *) load_app "$1-service" ;;
  esac
  [[ -d $APP ]] || die "$APP is missing: the app is not packaged" "./mvnw -DskipTests package"
}

# health_of NAME: where its program says how it is: PORT/PATH.
health_of() {
  case $1 in
    catalog) printf 8080/actuator/health/readiness ;;
    scheduler) printf 8081/actuator/health/readiness ;;
    runner) printf 8082/actuator/health/readiness ;;
    validator) printf 8083/actuator/health/readiness ;;
    registry) printf 8080/apis/ccompat/v7/config ;;
  esac
}

# title_of NAME
title_of() {
  case $1 in
    catalog) printf 'Holdfast catalog: what happened to every backup, over HTTP and as a page' ;;
    scheduler) printf 'Holdfast scheduler: policies in, requests out' ;;
    runner) printf 'Holdfast runner: backups by pgBackRest on request' ;;
    validator) printf 'Holdfast validator: proves backups by restoring them' ;;
    cli) printf 'Holdfast command line' ;;
    postgres) printf 'PostgreSQL with pgBackRest, for Holdfast on Compose' ;;
    registry) printf 'Apicurio schema registry, for where the public image cannot be had' ;;
    runtime) printf 'Java runtime of the images of Holdfast' ;;
  esac
}

# folder_of NAME: that of its Dockerfile.
folder_of() {
  case $1 in
    runner | cli | postgres) printf '%s' "$IMAGES/$1" ;;
    *) printf '%s' "$IMAGES/service" ;;
  esac
}

# labels NAME: sets LABELS, the annotations of the Open Container Initiative.
labels() {
  local source
  source=${HOLDFAST_SOURCE:-$(git -C "$ROOT" remote get-url origin 2>/dev/null | sed 's#//[^/@]*@#//#' || true)}
  LABELS=(--label "org.opencontainers.image.title=$(title_of "$1")"
    --label "org.opencontainers.image.version=$(project_version)"
    --label "org.opencontainers.image.revision=$(git -C "$ROOT" rev-parse HEAD 2>/dev/null || echo unknown)"
    --label "org.opencontainers.image.source=${source:-unknown}"
    --label "org.opencontainers.image.created=$(date -u -d "@$(commit_time)" +%Y-%m-%dT%H:%M:%SZ)"
    --label "org.opencontainers.image.licenses=$(licence_of "$1")"
    --label "org.opencontainers.image.vendor=Holdfast")
}

licence_of() { if [[ $1 == postgres ]]; then printf 'Apache-2.0 AND PostgreSQL AND MIT'; else printf Apache-2.0; fi; }

# ensure_service_image NAME
ensure_service_image() {
  local name=$1 digest image
  image=$(image_of "$name")
  digest=$(service_digest "$name")
  if ! is_current "$image:$(tags_of "$name" | head -n 1)" "$digest"; then
    case $name in
      postgres) ensure_sandbox_image ;;
      *) ensure_runtime_image ;;
    esac
    stage "$name" "$STAGES/$name"
    build_service_image "$name" "$digest" "$image:$(tags_of "$name" | head -n 1)"
  fi
  tags_of "$name" | while read -r tag; do docker tag "$image:$(tags_of "$name" | head -n 1)" "$image:$tag"; done
  say "image $image:$(tags_of "$name" | paste -sd,)"
}

# build_service_image NAME DIGEST IMAGE [ARGUMENT...]
build_service_image() {
  local name=$1 digest=$2 image=$3 context=$STAGES/$1
  shift 3
  cp "$(folder_of "$name")/Dockerfile" "$context/Dockerfile"
  labels "$name"
  build_image "$image" "$context" "$digest" --build-arg "HEALTH=$(health_of "$name")" "${LABELS[@]}" "$@"
}

# service_digest NAME: of everything that goes into it.
service_digest() {
  {
    content_of "$(folder_of "$1")" "$(project_version)"
    content_of "$IMAGES/bin"
    if [[ $1 == postgres ]]; then
      content_of "$IMAGES/sandbox" "$PG_MAJOR"
    else
      app_of "$1"
      runtime_digest
      printf '%s\n' "$HEAP ${JVM[*]}"
      if [[ $1 == registry ]]; then sha256sum <"$IMAGES/Bill.java"; else sha256sum <"$IMAGES/Natives.java"; fi
      cd "$APP" && find . -type f ! -name '*.aot*' -print0 | sort -z | xargs -0 sha256sum
    fi
  } | sha256sum | cut -c1-16
}

runtime_digest() { content_of "$IMAGES/runtime" "$SERVICE_MODULES" "$(<"$JAVA_HOME/release")" "$(declare -f link_runtime stage_runtime slim_runtime)"; }

# ensure_runtime_image: the base that the images with Java share.
ensure_runtime_image() {
  local digest
  digest=$(runtime_digest)
  is_current "$RUNTIME_IMAGE" "$digest" && return 0
  ensure_base_image
  stage_runtime "$STAGES/runtime"
  cp "$IMAGES/runtime/Dockerfile" "$STAGES/runtime/Dockerfile"
  labels runtime
  build_image "$RUNTIME_IMAGE" "$STAGES/runtime" "$digest" "${LABELS[@]}"
}

# stage_runtime FOLDER: leaves FOLDER/runtime.tar.
stage_runtime() {
  step "linking the Java runtime of the images"
  rm -rf "$1"
  mkdir -p "$1/tree/opt/holdfast"
  # packed: an image lies on a disk as it is, and most classes come from the archive of them anyway
  link_runtime "$1/tree/opt/holdfast/runtime" "$SERVICE_MODULES" --compress zip-6
  slim_runtime "$1/tree/opt/holdfast/runtime"
  archive_tree "$1/tree" "$1/runtime.tar"
}

# slim_runtime FOLDER: with the archive of classes that fits JVM_FLAGS instead of those that jlink makes, and without screens and sound.
slim_runtime() {
  rm -f "$1"/lib/server/classes*.jsa
  "$1/bin/java" -XX:+UseCompactObjectHeaders -Xshare:dump >/dev/null 2>&1
  "$1/bin/java" "${JVM_FLAGS[@]}" -Xshare:on -version >/dev/null 2>&1 || die "the runtime does not take its archive of classes" "Try: $1/bin/java ${JVM_FLAGS[*]} -Xshare:on -version"
  rm -f "$1"/lib/{libawt_xawt,libjawt,libsplashscreen,libjsound}.so
}

# stage NAME FOLDER: leaves FOLDER/app.tar, and beside it the list of materials.
stage() {
  local tree=$2/tree
  rm -rf "$2"
  mkdir -p "$tree/opt/holdfast/bin" "$tree/usr/share/doc/holdfast"
  cp "$ROOT/LICENSE" "$ROOT/NOTICE" "$tree/usr/share/doc/holdfast/"
  cp "$IMAGES/bin/secrets" "$tree/opt/holdfast/bin/"
  if [[ $1 == postgres ]]; then
    cp "$IMAGES/bin/start-postgres" "$tree/opt/holdfast/bin/"
  else
    cp "$IMAGES/bin/start" "$IMAGES/bin/healthy" "$tree/opt/holdfast/bin/"
    stage_app "$1" "$tree"
  fi
  [[ ! -e $tree/usr/share/doc/holdfast/sbom.json ]] || cp "$tree/usr/share/doc/holdfast/sbom.json" "$2/"
  archive_tree "$tree" "$2/app.tar"
}

# stage_app NAME TREE: the jars, and what java is told: two files, so that a larger heap can be said between them. No AOT cache: it fits
# the very runtime and file times that it was trained with, and is never the same twice.
stage_app() {
  local home=$2/opt/holdfast/app bom
  app_of "$1"
  mkdir -p "$home"
  tar -C "$APP" --exclude='*.aot*' -cf - . | tar -C "$home" -xf -
  arguments "${JVM_FLAGS[@]}" "-Xmx$HEAP" "${JVM[@]}" -XX:+ExitOnOutOfMemoryError >"$home/java.args"
  arguments "${ENTRY[@]}" >"$home/entry.args"
  # the registry's jars come from elsewhere as they are; for ours the build writes it
  if [[ $1 == registry ]]; then
    "$JAVA_HOME/bin/java" "$IMAGES/Bill.java" "$home" apicurio-registry "$(registry_version)" >"$2/usr/share/doc/holdfast/sbom.json"
    return
  fi
  bom=$APP/../sbom.json
  [[ -e $bom ]] || die "the list of materials $bom is missing" "./mvnw -DskipTests package, not offline"
  cp "$bom" "$2/usr/share/doc/holdfast/sbom.json"
  "$JAVA_HOME/bin/java" "$IMAGES/Natives.java" "$home" "$2/usr/share/doc/holdfast/sbom.json"
}

# arguments WORD...: as java's @file takes them, with the paths that the image has.
arguments() {
  local word
  for word in "$@"; do printf '"%s"\n' "${word//"$APP"//opt/holdfast/app}"; done
}

# archive_tree FOLDER FILE: the same bytes for the same content.
archive_tree() {
  local roots
  chmod -R u+rwX,go+rX,go-w "$1"
  mapfile -t roots < <(ls -A "$1")
  tar --create --file "$2" --directory "$1" --format=gnu --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(commit_time)" "${roots[@]}"
  rm -rf "$1"
}

# check_reproducible NAME: builds what is ours once more, from nothing, and compares archive and layer.
check_reproducible() {
  local name=$1 first second image
  image=$(image_of "$name"):$(tags_of "$name" | head -n 1)
  stage "$name" "$STAGES/$name"
  build_service_image "$name" first "holdfast/check-$name:first" --no-cache
  first=$(sha256sum <"$STAGES/$name/app.tar")
  stage "$name" "$STAGES/$name"
  build_service_image "$name" second "holdfast/check-$name:second" --no-cache
  second=$(sha256sum <"$STAGES/$name/app.tar")
  [[ $first == "$second" ]] || die "the archive of $image differs from one build to the next" "Compare: tar -tvf $STAGES/$name/app.tar"
  first=$(last_layer "holdfast/check-$name:first")
  second=$(last_layer "holdfast/check-$name:second")
  docker rmi "holdfast/check-$name:first" "holdfast/check-$name:second" >/dev/null
  [[ $first == "$second" ]] || die "the last layer of $image differs from one build to the next: $first, $second" "docker history $image"
  say "reproducible: $image, layer $first"
}

# check_runtime: the same of the runtime that the images share.
check_runtime() {
  local first second
  stage_runtime "$STAGES/runtime"
  first=$(sha256sum <"$STAGES/runtime/runtime.tar")
  stage_runtime "$STAGES/runtime"
  second=$(sha256sum <"$STAGES/runtime/runtime.tar")
  [[ $first == "$second" ]] || die "the Java runtime differs from one build to the next" "Compare: tar -tvf $STAGES/runtime/runtime.tar"
  say "reproducible: the Java runtime, archive sha256:${first%% *}"
}

last_layer() { docker image inspect --format '{{json .RootFS.Layers}}' "$1" | tr -d '[]"' | tr ',' '\n' | tail -n 1; }
