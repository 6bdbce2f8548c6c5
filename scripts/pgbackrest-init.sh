#!/usr/bin/env bash
# Creates the stanza in the repository and has it checked, on Docker Compose: scripts/pgbackrest-init.sh [--dry-run]
# A stanza that is there is never changed, so it may be run as often as you like. Status: 0 ready, 1 not, 2 wrong usage.
set -euo pipefail

export COMPOSE_FILE=${COMPOSE_FILE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/deploy/compose/compose.yaml}
exec docker compose exec --no-TTY runner holdfast-runner init "$@"
