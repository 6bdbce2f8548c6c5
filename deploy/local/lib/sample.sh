# shellcheck shell=bash
# The sample: a small PostgreSQL cluster with a database mcpgov of governance records, archiving into a pgBackRest repository, both in the
# stack's folder. Sourced after postgres.sh.

# start_sample: the cluster runs and its stanza exists afterwards.
start_sample() {
  local port=$HOLDFAST_SAMPLE_PORT place cluster
  make_folder "$SAMPLE" 0711
  place=$SAMPLE
  cluster=$place/cluster
  socket_folder sample-db
  make_folder "$place/repo" 0750
  make_folder "$place/log" 0750
  make_folder "$place/lock" 0770
  make_folder "$place/spool" 0750
  sample_configuration "$place" "$SOCKETS" | as_user "$OS_USER" tee "$place/pgbackrest.conf" >/dev/null
  sample_cluster "$place" "$port"
  alive sample-db || start_cluster sample-db "$cluster"
  await_cluster sample-db "the sample cluster" "$SOCKETS" "$port"
  create_stanza "$place"
  fill_sample "$port"
}

sample_configuration() {
  cat <<EOF_CONFIGURATION
# Written by ./holdfast up; changes here are lost.
[global]
repo1-path=$1/repo
repo1-retention-full=7
compress-type=lz4
start-fast=y
process-max=2
log-path=$1/log
lock-path=$1/lock
spool-path=$1/spool
log-level-console=warn
log-level-file=info

[mcpgov]
pg1-path=$1/cluster
pg1-port=$HOLDFAST_SAMPLE_PORT
pg1-socket-path=$2
pg1-user=postgres
EOF_CONFIGURATION
}

sample_cluster() {
  [[ ! -e $1/cluster/PG_VERSION ]] || return 0
  create_cluster "$1/cluster" "$SOCKETS" "$2" --data-checksums
  as_user "$OS_USER" tee -a "$1/cluster/postgresql.conf" >/dev/null <<EOF_SETTINGS
wal_level = replica
archive_mode = on
archive_command = 'pgbackrest --config=$1/pgbackrest.conf --stanza=mcpgov archive-push %p'
archive_timeout = 60
EOF_SETTINGS
}

# create_stanza PLACE: once; a repository that is gone later is not silently begun anew.
create_stanza() {
  [[ ! -e $1/stanza-created ]] || return 0
  as_user "$OS_USER" pgbackrest --config="$1/pgbackrest.conf" --stanza=mcpgov --log-level-console=error stanza-create
  : >"$1/stanza-created"
}

# fill_sample PORT: the database last, so that its being there means that everything is.
fill_sample() {
  [[ -z $(query "$SOCKETS" "$1" postgres -c "select 1 from pg_database where datname = 'mcpgov'") ]] || return 0
  query "$SOCKETS" "$1" postgres -c 'drop database if exists mcpgov_new' -c 'create database mcpgov_new'
  query "$SOCKETS" "$1" mcpgov_new -f - <"$ROOT/deploy/local/sample/governance.sql"
  query "$SOCKETS" "$1" postgres -c 'alter database mcpgov_new rename to mcpgov'
}
