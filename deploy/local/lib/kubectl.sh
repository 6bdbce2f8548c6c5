# shellcheck shell=bash
# kubectl, with which the tests print what deploy/kubernetes makes; no cluster is ever asked for. Sourced after say.sh, packages.sh, images.sh.

# ensure_kubectl: one that knows kustomize's components. Debian 12's is too old for that.
ensure_kubectl() {
  take_program "kubectl, 1.28 or newer" kubectl /usr/bin/kubectl /usr/local/bin/kubectl kubectl_answers
}

kubectl_answers() { [[ $(kubectl version --client 2>/dev/null) =~ v1\.(2[89]|[3-9][0-9])[.] ]]; }
