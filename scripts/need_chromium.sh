#!/usr/bin/env bash
# Makes sure that a Chromium is here for the browser tests. They are never skipped for want of one.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" > /dev/null; then
    exit 0
  fi
done

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)

if ! command -v apt-get > /dev/null || ! "${as_root[@]}" true 2> /dev/null; then
  echo "The browser tests need Chromium, and it cannot be installed from here; on Debian: sudo apt-get install chromium" >&2
  exit 1
fi

echo "Installing Debian's Chromium for the browser tests ..."
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get -qq update < /dev/null
"${as_root[@]}" apt-get -qq install -y --no-install-recommends chromium fonts-liberation < /dev/null
