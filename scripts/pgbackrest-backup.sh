#!/usr/bin/env bash
# Asks for a backup on Docker Compose and waits for it: scripts/pgbackrest-backup.sh full|diff|incr [OPTION...]
# Options are those of `holdfast backup` and take the place of --wait. HOLDFAST_STANZA is mcpgov.
# Status: 0 done, 1 failed, 2 wrong usage, 3 a service cannot be reached, 4 not done in time.
set -euo pipefail

export COMPOSE_FILE=${COMPOSE_FILE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/deploy/compose/compose.yaml}
case ${1:-} in
  full | diff | incr) type=$1 && shift ;;
  *)
    echo "Usage: scripts/pgbackrest-backup.sh full|diff|incr [OPTION...]" >&2
    exit 2
    ;;
esac
(($#)) || set -- --wait
exec docker compose run --rm --no-TTY cli backup "${HOLDFAST_STANZA:-mcpgov}" --type "$type" "$@"
