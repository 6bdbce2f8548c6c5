#!/usr/bin/env bash
# Restores the newest backup into a throwaway container, to the end of the archive, and checks it: scripts/pgbackrest-restore-validation.sh [OPTION...]
# Options are those of `holdfast prove` and take the place of --latest --wait. HOLDFAST_STANZA is mcpgov. The database that runs is not touched.
# Status: 0 proven, 1 not, 2 wrong usage, 3 a service cannot be reached, 4 no verdict in time.
set -euo pipefail

export COMPOSE_FILE=${COMPOSE_FILE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/deploy/compose/compose.yaml}
(($#)) || set -- --latest --wait
exec docker compose run --rm --no-TTY cli prove "${HOLDFAST_STANZA:-mcpgov}" "$@"
