#!/usr/bin/env bash
# Writes the three lock files anew from the .in files. Arguments go to uv: --upgrade takes newer releases.
# No header, no annotations, no index: the locks name releases and hashes, never a machine or a mirror.
set -euo pipefail
cd "$(dirname "$0")/.."

export UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS=1
python=$(scripts/find_python.sh)
scripts/get_uv.sh "$python"

lock() {
  .tools/bin/uv pip compile --quiet --python "$python" --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url "$@"
}

lock "$@" requirements.in --output-file requirements.txt
lock "$@" requirements.in requirements-dev.in --output-file requirements-dev.txt
lock "$@" requirements-uv.in --output-file requirements-uv.txt
