#!/usr/bin/env bash
# Puts the locked uv into .tools, with the Python named as the first argument.
# pip's --target works on a Debian that has no venv module and refuses other installs.
set -euo pipefail
cd "$(dirname "$0")/.."

[ .tools/bin/uv -nt requirements-uv.txt ] && exit 0

rm -rf .tools
PIP_ROOT_USER_ACTION=ignore "$1" -m pip install --quiet --disable-pip-version-check \
  --target .tools --require-hashes --no-deps -r requirements-uv.txt
touch .tools/bin/uv
