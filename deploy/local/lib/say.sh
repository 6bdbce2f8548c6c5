# shellcheck shell=bash
# How the local stack talks to people: progress on stdout, trouble on stderr with a remedy, questions only to a terminal.
# Sourced; sets ASSUME_YES (true after --yes) unless the caller did.

ASSUME_YES=${ASSUME_YES:-false}

# say TEXT...: one line of progress.
say() { printf '%s\n' "$*"; }

# step TEXT...: the start of something that takes a while.
step() { printf '  - %s\n' "$*"; }

warn() { printf 'holdfast: warning: %s\n' "$*" >&2; }

# die TEXT...: what was found, what was expected, what to do; one line per argument. Ends the script.
die() {
  printf 'holdfast: %s\n' "$1" >&2
  shift
  (($# == 0)) || printf '  %s\n' "$@" >&2
  exit 1
}

# ask QUESTION: yes only from --yes or a person at a terminal; a script without --yes gets no.
ask() {
  if [[ $ASSUME_YES == true ]]; then return 0; fi
  if [[ ! -t 0 ]]; then
    warn "no terminal to ask '$1'; pass --yes to agree beforehand"
    return 1
  fi
  local answer
  read -r -p "$1 [y/N] " answer
  [[ $answer == [yY] || $answer == [yY][eE][sS] ]]
}
