# shellcheck shell=bash
# How a process that outlives its script is let go.

# close_inherited: everything but the three standard streams. A daemon that kept a lock or a pipe of its caller would hold it for days.
close_inherited() {
  local fd
  for fd in "/proc/$BASHPID/fd"/*; do
    fd=${fd##*/}
    ((fd <= 2)) || exec {fd}>&-
  done
}
