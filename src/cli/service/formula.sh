#!/bin/sh
# Prints the Homebrew formula of a release: formula.sh <version> <SHA256SUMS> > gemmapod.rb

set -eu

if [ $# -ne 2 ]; then
  echo "usage: formula.sh <version> <SHA256SUMS>" >&2
  exit 2
fi
version=${1#v}
sums=$2
here=$(dirname "$0")

sum() {
  found=$(awk -v name="gemmapod-$1.tar.gz" '$2 == name || $2 == "*" name { print $1 }' "$sums")
  if [ -z "$found" ]; then
    echo "error: $sums has no gemmapod-$1.tar.gz" >&2
    exit 1
  fi
  printf '%s' "$found"
}

macos_arm64=$(sum macos-arm64)
macos_x64=$(sum macos-x64)
linux_arm64=$(sum linux-arm64)
linux_x64=$(sum linux-x64)
sed -e 1d \
  -e "s/@VERSION@/$version/g" \
  -e "s/@MACOS_ARM64@/$macos_arm64/" -e "s/@MACOS_X64@/$macos_x64/" \
  -e "s/@LINUX_ARM64@/$linux_arm64/" -e "s/@LINUX_X64@/$linux_x64/" \
  "$here/gemmapod.rb"
