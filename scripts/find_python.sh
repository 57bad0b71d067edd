#!/usr/bin/env bash
# Prints the path of a Python that can run the portal, or says in one sentence what is missing.
# PYTHON=/path/to/python chooses one by hand.
set -euo pipefail

# sys._base_executable: with an activated .venv, `python3` is the very environment we are to rebuild.
path_if_new_enough='
import sys
if sys.version_info < (3, 11):
    sys.exit(1)
print(getattr(sys, "_base_executable", sys.executable))
'

candidates=(python3.11 python3 python3.12 python3.13 python3.14)
[ -z "${PYTHON:-}" ] || candidates=("$PYTHON")

for candidate in "${candidates[@]}"; do
  if "$candidate" -c "$path_if_new_enough" 2>/dev/null; then
    exit 0
  fi
done

echo "The portal needs Python 3.11 or newer and none was found (tried: ${candidates[*]}); on Debian 12: apt-get install python3 python3-pip" >&2
exit 1
