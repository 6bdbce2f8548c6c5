# shellcheck shell=bash
# PostgreSQL clusters of the local stack: the catalog's database and the sample. Sourced after packages.sh, home.sh and process.sh.

# create_cluster FOLDER SOCKETS PORT [INITDB OPTION...]: an initialised cluster that listens on loopback; the password of its superuser is in
# FOLDER.password. A half-made one of an interrupted run is made again.
create_cluster() {
  local folder=$1 sockets=$2 port=$3
  shift 3
  [[ ! -e $folder/PG_VERSION ]] || return 0
  rm -rf "$folder.new"
  make_password "$folder.password"
  # --no-sync: the cluster is empty; what matters is written, and synced, after its start
  as_user "$OS_USER" "$PG_BIN/initdb" --pgdata="$folder.new" --username=postgres --pwfile="$folder.password" --encoding=UTF8 --locale=C.UTF-8 \
    --auth-local=peer --auth-host=scram-sha-256 --no-sync --no-instructions "$@" >"$LOGS/initdb-$port.log" 2>&1 || {
    tail -n 5 "$LOGS/initdb-$port.log" >&2
    return 1
  }
  cluster_settings "$sockets" "$port" | as_user "$OS_USER" tee -a "$folder.new/postgresql.conf" >/dev/null
  printf 'local all postgres peer map=owner\nhost all all 127.0.0.1/32 scram-sha-256\n' | as_user "$OS_USER" tee "$folder.new/pg_hba.conf" >/dev/null
  printf 'owner %s postgres\nowner root postgres\n' "$OS_USER" | as_user "$OS_USER" tee "$folder.new/pg_ident.conf" >/dev/null
  mv -T "$folder.new" "$folder"
}

cluster_settings() {
  cat <<EOF_SETTINGS
# Holdfast's local stack
listen_addresses = '127.0.0.1'
port = $2
unix_socket_directories = '$1'
max_connections = 40
shared_buffers = 32MB
max_wal_size = 256MB
log_timezone = 'UTC'
timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
EOF_SETTINGS
}

# make_password FILE: 32 hexadecimal digits, readable by PostgreSQL's OS user only.
make_password() {
  [[ ! -s $1 ]] || return 0
  (umask 077 && od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$1")
  if ((EUID == 0)); then chown "$OS_USER:" "$1"; fi
}

# start_cluster NAME FOLDER
start_cluster() {
  spawn "$1" "$OS_USER" "$PG_BIN/postgres" -D "$2"
}

# await_cluster NAME WHAT SOCKETS PORT
await_cluster() {
  await "$1" "$2" 60 "$PG_BIN/pg_isready" -q -h "$3" -p "$4"
}

# query SOCKETS PORT DATABASE [PSQL OPTION...]: as the superuser, through the socket.
query() {
  local sockets=$1 port=$2 database=$3
  shift 3
  as_user "$OS_USER" env PGOPTIONS=--client-min-messages=warning psql -X -q -A -t -v ON_ERROR_STOP=1 -h "$sockets" -p "$port" -U postgres -d "$database" "$@"
}

# socket_path NAME: sets SOCKETS. A socket's path may have at most 107 bytes, so a deep HOLDFAST_HOME needs a short one elsewhere.
socket_path() {
  SOCKETS=$RUN/$1
  if ((${#SOCKETS} > 85)); then
    SOCKETS=/tmp/holdfast-$(printf '%s' "$SOCKETS" | sha256sum | cut -c1-16)
  fi
}

# socket_folder NAME: sets SOCKETS, which exists afterwards.
socket_folder() {
  socket_path "$1"
  make_folder "$SOCKETS" 0711
}

# The catalog's database: a cluster with one database and one role.
start_catalog_db() {
  local port=$HOLDFAST_CATALOG_DB_PORT folder=$DATA/catalog-db/cluster
  make_folder "$DATA/catalog-db" 0711
  socket_folder catalog-db
  create_cluster "$folder" "$SOCKETS" "$port"
  alive catalog-db || start_cluster catalog-db "$folder"
  await_cluster catalog-db "the catalog database" "$SOCKETS" "$port"
  create_catalog_role "$port"
}

create_catalog_role() {
  [[ -z $(query "$SOCKETS" "$1" postgres -c "select 1 from pg_database where datname = 'holdfast'") ]] || return 0
  # the password travels on standard input: a command line can be read by everybody
  query "$SOCKETS" "$1" postgres <<EOF_SQL
drop role if exists holdfast;
create role holdfast login password '$CATALOG_DB_PASSWORD';
create database holdfast owner holdfast;
EOF_SQL
}
