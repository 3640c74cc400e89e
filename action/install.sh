#!/usr/bin/env bash
# Puts dashlint into $RUNNER_TEMP/dashlint/bin: the binary of a release, checked against its checksums, or, where there is none
# for this machine, one built from the sources of the action.
set -euo pipefail

releases=${DASHLINT_RELEASES:-https://github.com/dashlint/dashlint/releases/download}
own=$(sed -n 's/^version = "\(.*\)"/\1/p' "$DASHLINT_ACTION/Cargo.toml" | head -n 1)
version=${DASHLINT_VERSION#v}
version=${version:-$own}
if ! [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]]; then
  echo "::error::dashlint: the input \`version\` is no version such as 0.1.0" >&2
  exit 2
fi

case "$RUNNER_OS-$RUNNER_ARCH" in
  Linux-X64) target=x86_64-unknown-linux-musl ;;
  Linux-ARM64) target=aarch64-unknown-linux-musl ;;
  macOS-X64) target=x86_64-apple-darwin ;;
  macOS-ARM64) target=aarch64-apple-darwin ;;
  Windows-X64) target=x86_64-pc-windows-msvc ;;
  *) target= ;;
esac
home="$RUNNER_TEMP/dashlint"
mkdir -p "$home/bin"

sum() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# Fetches a file of the release; 1 when there is none. Whatever else goes wrong ends the step: a server that does not answer is no
# reason to build for minutes, or to run what was not checked.
fetch() {
  local code status=0
  code=$(curl --fail --silent --location --retry 3 --proto '=https,file' --proto-redir '=https' \
    --write-out '%{http_code}' --output "$home/$1" "$releases/v$version/$1") || status=$?
  case "$status:$code" in
    0:*) return 0 ;;
    22:404 | 37:*) return 1 ;; # not found: of a server, of a folder
  esac
  echo "::error::dashlint: cannot fetch $1 (curl ends with $status, the server says $code)" >&2
  exit 2
}

archive="dashlint-v$version-$target.tar.gz"
if [ -n "$target" ] && fetch "$archive"; then
  fetch SHA256SUMS || { echo "::error::dashlint: the release has no checksums" >&2; exit 2; }
  wanted=$(awk -v name="$archive" '$2 == name { print $1 }' "$home/SHA256SUMS")
  if [ -z "$wanted" ] || [ "$wanted" != "$(sum "$home/$archive")" ]; then
    echo "::error::dashlint: $archive is not what its checksum says" >&2
    exit 2
  fi
  tar -xzf "$home/$archive" -C "$home/bin"
elif [ "$version" = "$own" ] && command -v cargo >/dev/null; then
  echo "no binary of dashlint $version for this machine: building it" >&2
  cargo install --quiet --locked --path "$DASHLINT_ACTION" --root "$home"
else
  echo "::error::dashlint: there is no binary of version $version for $RUNNER_OS on $RUNNER_ARCH" >&2
  exit 2
fi
"$home/bin/dashlint" --version
