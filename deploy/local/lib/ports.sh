# shellcheck shell=bash
# Which TCP ports of this machine are taken, and by whom. Reads /proc, so that asking costs nothing.

# is_listening PORT: whether anything listens on this port, on any address.
is_listening() {
  local want file local_address state rest
  printf -v want '%04X' "$1"
  for file in /proc/net/tcp /proc/net/tcp6; do
    [[ -r $file ]] || continue
    while read -r _ local_address _ state rest; do
      if [[ $state == 0A && ${local_address##*:} == "$want" ]]; then return 0; fi
    done <"$file"
  done
  return 1
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
