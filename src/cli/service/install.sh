#!/bin/sh
# Installs gemmapod from a release, for yourself: no root, one folder, checked by SHA-256.
#
#   curl -fsSL https://raw.githubusercontent.com/gemmapod/gemmapod/main/src/cli/service/install.sh | sh
#   sh install.sh --version 0.7.0 --dir ~/bin gemmapod gemmapod-signal
#
# Variables: GEMMAPOD_VERSION, GEMMAPOD_INSTALL_DIR, GEMMAPOD_RELEASES (where releases are).

set -eu

fail() {
  printf 'error: %s\n' "$1" >&2
  exit "${2:-1}"
}

usage() {
  cat <<'EOF'
Usage: install.sh [--version <version>] [--dir <folder>] [program...]

Installs gemmapod, or the programs that are named: gemmapod gemmapod-signal gemmapod-pack.

  --version <version>  which release (default: the newest)
  --dir <folder>       where to (default: ~/.local/bin)
  --help               this

Example:
  sh install.sh --dir ~/bin gemmapod
EOF
}

has() {
  command -v "$1" >/dev/null 2>&1
}

# The name that releases give this machine.
target() {
  os=$(uname -s)
  case $os in
    Linux) os=linux ;;
    Darwin) os=macos ;;
    *) fail "there is no release for $os; on Windows, unpack gemmapod-windows-x64.tar.gz yourself" ;;
  esac
  machine=$(uname -m)
  case $machine in
    x86_64 | amd64) machine=x64 ;;
    aarch64 | arm64) machine=arm64 ;;
    *) fail "there is no release for $machine machines" ;;
  esac
  # A program of an Intel Mac that runs on another by translation says so.
  if [ "$os-$machine" = macos-x64 ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" = 1 ]; then
    machine=arm64
  fi
  if [ "$os" = linux ] && has ldd && ldd --version 2>&1 | grep -qi musl; then
    fail "the releases need glibc, and this system has musl; use the image, or a glibc system"
  fi
  printf '%s-%s' "$os" "$machine"
}

# download <address> <file>
download() {
  case $1 in
    https://*) only='=https' ;;
    *) only='=http,https' ;; # a mirror of your own
  esac
  if has curl; then
    curl --proto "$only" --fail --silent --show-error --location --retry 2 --output "$2" "$1" ||
      fail "cannot download $1"
  elif has wget; then
    wget --quiet --output-document="$2" "$1" || fail "cannot download $1"
  else
    fail "curl or wget is needed"
  fi
}

sha256() {
  if has sha256sum; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif has shasum; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  elif has openssl; then
    openssl dgst -sha256 -r "$1" | cut -d ' ' -f 1
  else
    fail "sha256sum, shasum or openssl is needed to check what was downloaded"
  fi
}

main() {
  version=${GEMMAPOD_VERSION:-}
  dir=${GEMMAPOD_INSTALL_DIR:-${HOME:?}/.local/bin}
  releases=${GEMMAPOD_RELEASES:-https://github.com/gemmapod/gemmapod/releases}
  programs=
  while [ $# -gt 0 ]; do
    case $1 in
      --version | --dir)
        [ $# -ge 2 ] || fail "$1 needs a value" 2
        if [ "$1" = --dir ]; then dir=$2; else version=$2; fi
        shift
        ;;
      -h | --help)
        usage
        exit 0
        ;;
      gemmapod | gemmapod-signal | gemmapod-pack) programs="$programs $1" ;;
      *) fail "unknown: $1; --help says what there is" 2 ;;
    esac
    shift
  done
  has tar || fail "tar is needed"
  target=$(target)
  if [ -n "$version" ]; then
    from=$releases/download/v${version#v}
  else
    from=$releases/latest/download
  fi

  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  download "$from/SHA256SUMS" "$work/SHA256SUMS"
  mkdir -p "$dir"

  for program in ${programs:-gemmapod}; do
    archive=$program-$target.tar.gz
    expected=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$work/SHA256SUMS")
    [ -n "$expected" ] || fail "the release has no $archive"
    printf 'downloading %s\n' "$archive" >&2
    download "$from/$archive" "$work/$archive"
    found=$(sha256 "$work/$archive")
    [ "$found" = "$expected" ] ||
      fail "$archive is not what the release says: SHA-256 $found, expected $expected"
    tar -xzf "$work/$archive" -C "$work" "$program"
    chmod 755 "$work/$program"
    said=$("$work/$program" --version) || fail "$program does not run on this machine"
    # In two steps: another file system may be between, and a program that runs stays whole.
    cp "$work/$program" "$dir/.$program.new"
    mv -f "$dir/.$program.new" "$dir/$program"
    printf 'installed %s %s\n' "$dir/$program" "$said"
  done

  # shellcheck disable=SC2016 # the reader's PATH, not ours
  case ":${PATH:-}:" in
    *":$dir:"*) ;;
    *) printf 'to have it in your shell: export PATH="%s:$PATH"\n' "$dir" ;;
  esac
}

# Last, so that a download that broke off runs nothing.
main "$@"
