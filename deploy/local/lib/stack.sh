# shellcheck shell=bash
# All parts of the local stack's shell code, in the order in which they need each other.

for part in say packages daemon engine images ports home process broker registry postgres sample stanzas services build up down; do
  # shellcheck source=/dev/null
  . "$ROOT/deploy/local/lib/$part.sh"
done
unset part
