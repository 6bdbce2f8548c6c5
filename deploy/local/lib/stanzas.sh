# shellcheck shell=bash
# What is backed up: the sample's stanza, or those of the user's own pgBackRest configuration (--config). Reads that configuration and says
# what is wrong with it before anything is started. Sourced after home.sh.

# choose_stanzas: sets STANZA_CONFIG, STANZAS (comma list), RUNNER_USER.
choose_stanzas() {
  RUNNER_USER=$OS_USER
  if [[ -z $CONFIG ]]; then
    STANZA_CONFIG=$STACK/sample/pgbackrest.conf
    STANZAS=mcpgov
    return 0
  fi
  [[ -r $CONFIG ]] || die "the pgBackRest configuration $CONFIG is missing or cannot be read" "Give --config the path of an existing file, or leave it out for the sample."
  STANZA_CONFIG=$(readlink -f "$CONFIG")
  STANZAS=$(stanzas_of "$STANZA_CONFIG")
  [[ -n $STANZAS ]] || die "$CONFIG names no stanza" "Add a section like [main] with pg1-path=/var/lib/postgresql/15/main."
  ((EUID != 0)) || RUNNER_USER=$(owner_of_clusters)
  as_user "$RUNNER_USER" test -r "$STANZA_CONFIG" \
    || die "the user $RUNNER_USER, who owns the cluster, cannot read $CONFIG" "chown $RUNNER_USER $CONFIG, or give it a group that $RUNNER_USER is in."
}

# stanzas_of FILE: its sections but global ones, [name:command] counted once, joined by commas.
stanzas_of() { sed -n '/^\[global[]:]/d; s/^\[\([^]:]*\).*\]$/\1/p' "$1" | sort -u | paste -sd,; }

# option_of SECTION NAME: the value in STANZA_CONFIG, of this section or of [global].
option_of() {
  awk -F= -v section="$1" -v name="$2" '
    /^\[/ { at = $0; gsub(/[][]/, "", at); next }
    { key = $1; gsub(/[ \t]/, "", key) }
    key == name && (at == section || at == "global") { value = substr($0, index($0, "=") + 1); gsub(/^[ \t]+|[ \t]+$/, "", value); found[at] = value }
    END { if (section in found) print found[section]; else print found["global"] }' "$STANZA_CONFIG"
}

# owner_of_clusters: the OS user that owns the first stanza's cluster; the runner must be that user.
owner_of_clusters() {
  local path
  path=$(option_of "${STANZAS%%,*}" pg1-path)
  [[ -n $path && -d $path ]] || die "the stanza ${STANZAS%%,*} in $CONFIG has no cluster at pg1-path='$path'" \
    "Set pg1-path to the cluster's data directory (psql -c 'show data_directory')."
  stat -c %U "$path"
}

# check_stanzas: every stanza's cluster runs and its repository can be read; else says what to do, all findings at once.
check_stanzas() {
  local stanza findings=0
  for stanza in ${STANZAS//,/ }; do
    check_stanza "$stanza" || findings=$((findings + 1))
  done
  ((findings == 0)) || die "the configuration $STANZA_CONFIG cannot be used as it is" "Mend what is said above, then start again."
}

finding() {
  printf 'holdfast: stanza %s: %s\n' "$1" "$2" >&2
  printf '  %s\n' "$3" >&2
}

check_stanza() {
  local path info code
  path=$(option_of "$1" pg1-path)
  if [[ -z $path || ! -e $path/PG_VERSION ]]; then
    finding "$1" "no PostgreSQL cluster at pg1-path='$path'" "Set pg1-path in $STANZA_CONFIG to the cluster's data directory."
    return 1
  fi
  if [[ -z $(option_of "$1" pg1-host) && ! -e $path/postmaster.pid ]]; then
    finding "$1" "the PostgreSQL cluster in $path is not running" "Start it (pg_ctl -D $path start, or your service manager), then start again."
    return 1
  fi
  if ! info=$(as_user "$RUNNER_USER" pgbackrest --config="$STANZA_CONFIG" --stanza="$1" --log-level-console=error --log-level-stderr=off --log-level-file=off --output=json info 2>&1); then
    finding "$1" "pgBackRest does not accept $STANZA_CONFIG: $(head -n 2 <<<"$info" | tr '\n' ' ')" "Correct the file; pgbackrest help info explains the options."
    return 1
  fi
  code=$(sed -n 's/.*"status":{"code":\([0-9]*\),"lock".*/\1/p' <<<"$info")
  check_repository "$1" "${code:-99}" "$info"
}

# check_repository STANZA CODE INFO: the codes of pgBackRest's info; 0 is well, 2 is a repository that waits for its first backup.
check_repository() {
  case $2 in
    0 | 2) ;;
    1 | 3)
      finding "$1" "the repository $(option_of "$1" repo1-path) has nothing of this stanza" \
        "Create it: pgbackrest --config=$STANZA_CONFIG --stanza=$1 stanza-create (as $RUNNER_USER). Was it there before? Then the repository is lost or not mounted."
      return 1
      ;;
    *)
      finding "$1" "the repository cannot be used: $(sed -n 's/.*"status":{"code":[0-9]*,"lock".*"message":"\([^"]*\)".*/\1/p' <<<"$3")" \
        "Look at: pgbackrest --config=$STANZA_CONFIG --stanza=$1 info (as $RUNNER_USER)."
      return 1
      ;;
  esac
}

# stanza_env: the lines about the stanza for the env file.
stanza_env() {
  local first=${STANZAS%%,*}
  printf '%s\n' "HOLDFAST_STANZA=$first" "HOLDFAST_PGBACKREST_CONFIG=$STANZA_CONFIG" "HOLDFAST_REPO=$(option_of "$first" repo1-path)" \
    "HOLDFAST_PG_DATA=$(option_of "$first" pg1-path)" "HOLDFAST_PG_OSUSER=$RUNNER_USER"
  [[ -n $CONFIG ]] || printf '%s\n' "HOLDFAST_PG_URL=postgresql://postgres:$(<"$SAMPLE/cluster.password")@127.0.0.1:$HOLDFAST_SAMPLE_PORT/mcpgov"
}
