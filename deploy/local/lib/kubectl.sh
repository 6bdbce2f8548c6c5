# shellcheck shell=bash
# kubectl, with which the tests print what deploy/kubernetes makes; no cluster is ever asked for. Sourced after say.sh, packages.sh, images.sh.

# ensure_kubectl: one that knows kustomize's components. Debian 12's is too old for that; Debian 13's is one program that needs no more than
# Debian 12's libc, so it is taken out of that package alone.
ensure_kubectl() {
  kubectl_answers && return 0
  command -v apt-get >/dev/null || die "kubectl is missing, or older than 1.28" "Install kubectl in this system's own way."
  ask "Put kubectl, which the tests of the Kubernetes manifests use, into /usr/local/bin (from Debian 13's package kubectl)?" \
    || die "kubectl is missing, or older than 1.28" "Install it, or answer yes (--yes)."
  local folder log
  folder=$(mktemp -d /tmp/holdfast-kubectl.XXXXXX)
  log=$folder/log
  step "kubectl from Debian 13's package kubectl"
  if ! (fetch_debian_package trixie kubectl "$folder" && as_root install -m 755 "$folder/package/usr/bin/kubectl" /usr/local/bin/kubectl) >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "kubectl could not be taken from Debian's package" "Its whole output is in $log."
  fi
  rm -rf "$folder"
  kubectl_answers || die "kubectl does not answer, although it was installed" "Try: kubectl version --client"
}

kubectl_answers() { [[ $(kubectl version --client 2>/dev/null) =~ v1\.(2[89]|[3-9][0-9])[.] ]]; }
