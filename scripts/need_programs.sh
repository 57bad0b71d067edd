#!/usr/bin/env bash
# Makes sure that the tests find what they need from the system: a Chromium and a library that
# Playwright's driver wants and a small Debian lacks, and LibreOffice's Writer, which makes PDFs of
# Word files. No test is skipped for want of one.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()

command -v chromium chromium-browser google-chrome > /dev/null || missing+=(chromium fonts-liberation)

.venv/lib/python3.*/site-packages/playwright/driver/node --version > /dev/null 2>&1 ||
  missing+=(libatomic1)

command -v soffice libreoffice > /dev/null || missing+=(libreoffice-writer-nogui)

[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)

if ! command -v apt-get > /dev/null || ! "${as_root[@]}" true 2> /dev/null; then
  echo "The tests need ${missing[*]}, which cannot be installed from here; on Debian: sudo apt-get install ${missing[*]}" >&2
  exit 1
fi

echo "Installing for the tests: ${missing[*]} ..."
"${as_root[@]}" apt-get -qq update < /dev/null
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get -qq install -y --no-install-recommends "${missing[@]}" < /dev/null > /dev/null
