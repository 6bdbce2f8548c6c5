# shellcheck shell=bash
# Installs, after asking, the Debian packages that give this machine what the local stack needs and does not have yet.
# Sourced after say.sh. What counts is the program, not the package: a Docker or PostgreSQL installed in another way is used as it is.

PG_MAJOR=${PG_MAJOR:-15}
PG_BIN=${HOLDFAST_PG_BIN:-/usr/lib/postgresql/$PG_MAJOR/bin}

WANTED=()   # package names
WANTED_WHY=() # the reason for each, shown before anything is installed

# want PACKAGE REASON: to be installed by install_wanted.
want() {
  WANTED+=("$1")
  WANTED_WHY+=("$2")
}

# Programs that every command of the local stack uses.
want_base_tools() {
  command -v curl >/dev/null || want curl "to wait for services and to download Maven"
  [[ -e /etc/ssl/certs/ca-certificates.crt ]] || want ca-certificates "to check who is downloaded from"
  [[ -x $PG_BIN/initdb ]] || want "postgresql-$PG_MAJOR" "the catalog's database, the sample cluster, and the tests"
  command -v pgbackrest >/dev/null || want pgbackrest "makes and restores the backups"
  command -v lz4 >/dev/null || want lz4 "to look into repository files in tests"
  command -v ps >/dev/null || want procps "to see which processes run"
  command -v ss >/dev/null || want iproute2 "to name the process that holds a port"
  command -v setpriv >/dev/null || want util-linux "to start PostgreSQL and the runner as the user postgres"
}

# Programs that only tests use.
want_test_tools() {
  command -v node >/dev/null || want nodejs "tests run the example of a consumer with it"
  command -v npm >/dev/null || want npm "fetches what that example needs"
  command -v xz >/dev/null || want xz-utils "tests unpack a second major version of PostgreSQL with it"
  command -v openssl >/dev/null || want openssl "tests issue certificates with it"
  command -v ssh >/dev/null || want openssh-client "a test's repository host reaches its database host with it"
  [[ -x /usr/sbin/sshd ]] || want openssh-server "a test's database host; no server is started on this machine"
  command -v systemd-analyze >/dev/null || want systemd "tests have it look at the units of the packages; it is not started"
  command -v chromium >/dev/null || want chromium "the browser in which the catalog's page is tested"
  command -v chromedriver >/dev/null || want chromium-driver "to drive it"
  compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || want libfaketime "tests move a scheduler's clock with it"
}

# A container engine, only where none answers; iptables and cgroupfs-mount are what dockerd needs on a machine without systemd.
want_engine_tools() {
  { command -v docker && command -v dockerd; } >/dev/null || want docker.io "the container engine for throwaway restores"
  command -v iptables >/dev/null || want iptables "dockerd sets up its bridge with it"
  [[ -e /sys/fs/cgroup/cgroup.controllers || -d /sys/fs/cgroup/memory ]] || want cgroupfs-mount "dockerd needs the control groups mounted"
}

# as_root COMMAND...: runs it as root, by sudo where this user is not root; says what is missing where that is impossible.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "this needs root and there is no sudo: $*" "Run it as root once, then start again."
  fi
}

# install_wanted: says what and why, asks, installs. Leaves WANTED empty.
install_wanted() {
  ((${#WANTED[@]})) || return 0
  local i
  say "This machine lacks:"
  for i in "${!WANTED[@]}"; do printf '  %-18s %s\n' "${WANTED[i]}" "${WANTED_WHY[i]}"; done
  command -v apt-get >/dev/null || die "no apt-get here to install them with" "Install these programs in this system's own way, then start again."
  ask "Install them from Debian's packages now?" || die "not installed, so nothing was started" "Install them yourself (apt-get install ${WANTED[*]}) or answer yes (--yes)."
  apt_install "${WANTED[@]}"
  WANTED=() WANTED_WHY=()
}

# apt_install PACKAGE...: quiet unless it fails.
apt_install() {
  local log
  log=$(mktemp /tmp/holdfast-apt.XXXXXX)
  step "apt-get install $*"
  if ! { as_root apt-get update -qq && refuse_main_cluster "$@" && refuse_ssh_service "$@" && apt_get_install "$@"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "apt-get could not install: $*" "Its whole output is in $log."
  fi
  rm -f "$log"
}

apt_get_install() { as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; }

# Debian's postgresql-15 would create and start a cluster of its own on port 5432; nobody asked for that one.
refuse_main_cluster() {
  [[ " $* " == *" postgresql-$PG_MAJOR "* ]] || return 0
  apt_get_install postgresql-common
  as_root sed -ri 's/^#?(create_main_cluster) .*/\1 = false/' /etc/postgresql-common/createcluster.conf
}

# Debian's openssh-server would listen on port 22 at once and after every boot; tests start one of their own on loopback.
refuse_ssh_service() {
  [[ " $* " == *" openssh-server "* ]] || return 0
  as_root install -d -m 755 /etc/ssh
  as_root touch /etc/ssh/sshd_not_to_be_run
}

# ensure_promtool: the one program of Debian's package prometheus that the tests of the alert rules use. The package itself is not installed: it
# would start a server.
ensure_promtool() {
  command -v promtool >/dev/null && return 0
  command -v apt-get >/dev/null || die "no apt-get here to get promtool with" "Install promtool (of Prometheus) in this system's own way."
  ask "Put promtool, which tests the alert rules, into /usr/local/bin (from Debian's package prometheus)?" || die "promtool is missing" "Install it, or answer yes (--yes)."
  local folder log
  folder=$(mktemp -d /tmp/holdfast-promtool.XXXXXX)
  log=$folder/log
  step "promtool from Debian's package prometheus"
  if ! (fetch_promtool "$folder") >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "promtool could not be taken from Debian's package prometheus" "Its whole output is in $log."
  fi
  rm -rf "$folder"
}

fetch_promtool() {
  cd "$1" || return 1
  apt-get download prometheus || { as_root apt-get update -qq && apt-get download prometheus; } || return 1
  dpkg-deb -x prometheus_*.deb package || return 1
  as_root install -m 755 package/usr/bin/promtool /usr/local/bin/promtool
}

# take_program WHAT PACKAGE SOURCE TARGET CHECK: one program out of a package of Debian 13, where it needs no more than Debian 12's libc; the machine's
# own packages stay as they are. CHECK succeeds where it is there in a version that will do.
take_program() {
  local what=$1 package=$2 source=$3 target=$4 check=$5 folder log
  "$check" && return 0
  command -v apt-get >/dev/null || die "$what is missing, or too old" "Install it in this system's own way."
  ask "Put $what into ${target%/*} (from Debian 13's package $package)?" || die "$what is missing, or too old" "Install it, or answer yes (--yes)."
  folder=$(mktemp -d /tmp/holdfast-program.XXXXXX)
  log=$folder/log
  step "$what from Debian 13's package $package"
  if ! (fetch_debian_package trixie "$package" "$folder" && as_root install -D -m 755 "$folder/package$source" "$target") >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "$what could not be taken from Debian's package" "Its whole output is in $log."
  fi
  rm -rf "$folder"
  "$check" || die "$what does not answer, although it was installed" "Look at $target."
}

# fetch_debian_package RELEASE PACKAGE FOLDER: what is in a package of another Debian release, unpacked in FOLDER/package. apt's own lists stay as they are.
fetch_debian_package() {
  local release=$1 package=$2 folder=$3 options
  mkdir -p "$folder/sources" "$folder/lists/partial" "$folder/cache/archives/partial"
  debian_sources "$release" | sed -n 's/^deb /deb [signed-by=\/usr\/share\/keyrings\/debian-archive-keyring.gpg] /; 1p' >"$folder/sources/$release.list"
  options=(-qq -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$folder/sources" -o "Dir::State::lists=$folder/lists"
    -o "Dir::Cache=$folder/cache" -o "Dir::State::status=$folder/status" -o APT::Sandbox::User=root)
  : >"$folder/status"
  apt-get "${options[@]}" update || return 1
  cd "$folder" || return 1
  apt-get "${options[@]}" download "$package" || return 1
  dpkg-deb -x "$package"_*.deb package
}
