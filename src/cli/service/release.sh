#!/bin/sh
# Makes a folder of archives into a release: release.sh <version> <folder>
#
# Adds the install script, the Homebrew formula and SHA256SUMS, which names every other file there,
# and looks whether the release is whole: every program for every system, the npm package.

set -eu

fail() {
  echo "error: $1" >&2
  exit 1
}

if [ $# -ne 2 ]; then
  echo "usage: release.sh <version> <folder>" >&2
  exit 2
fi
version=${1#v}
here=$(cd "$(dirname "$0")" && pwd)
cd "$2"

for target in linux-arm64 linux-x64 macos-arm64 macos-x64 windows-x64; do
  for program in gemmapod gemmapod-signal gemmapod-pack; do
    [ -f "$program-$target.tar.gz" ] || fail "there is no $program-$target.tar.gz"
  done
done
[ -f "gemmapod-embed-$version.tgz" ] || fail "there is no gemmapod-embed-$version.tgz"

rm -f SHA256SUMS gemmapod.rb
cp "$here/install.sh" .
sums=$(sha256sum -- *)
printf '%s\n' "$sums" > SHA256SUMS
# The formula names the sums of the archives.
sh "$here/formula.sh" "$version" SHA256SUMS > gemmapod.rb
sha256sum -- gemmapod.rb >> SHA256SUMS
sha256sum --check --strict --quiet SHA256SUMS
