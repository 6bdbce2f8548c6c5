# shellcheck shell=bash
# Which TCP ports of this machine are taken, and by whom.

# is_listening PORT: whether anything listens on this port, on any address (state 0A of the kernel's table).
is_listening() {
  local want
  printf -v want '%04X' "$1"
  grep -qsE "^ *[0-9]+: [0-9A-F]+:$want [0-9A-F]+:[0-9A-F]+ 0A " /proc/net/tcp /proc/net/tcp6
}

# holder_of PORT: a few words about the process that listens there.
holder_of() {
  local line
  line=$(ss -Hltnp "sport = :$1" 2>/dev/null | head -n 1)
  if [[ $line =~ users:\(\(\"([^\"]+)\",pid=([0-9]+) ]]; then
    printf '%s, process %s' "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
  else
    printf 'a process of another user'
  fi
}

# free_port: one that nobody listens on now.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    is_listening "$port" || break
  done
  printf '%s' "$port"
}
