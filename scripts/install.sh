#!/usr/bin/env bash
# Makes .venv hold exactly what requirements-dev.txt locks, and puts the `portal` command in it.
# uv takes seconds; where it is not to be had, or knows no package index, pip does the same slowly.
set -euo pipefail
cd "$(dirname "$0")/.."

# Another Python is never downloaded: the one on this machine is the one the district looks after.
export UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1
# Trust whom this machine trusts, as Debian's pip does: many districts read TLS at their border.
export UV_SYSTEM_CERTS=1

venv_works() { .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

# `set -e` does not hold inside a function whose failure is handled, hence each `&&`.
install_with_uv() {
  scripts/get_uv.sh "$python" &&
    { venv_works || .tools/bin/uv venv --quiet --clear --python "$python" .venv; } &&
    .tools/bin/uv pip sync --quiet --python .venv/bin/python \
      --require-hashes --compile-bytecode requirements-dev.txt
}

# --without-pip and --python: Debian ships the venv module and pip, but not what joins the two.
install_with_pip() {
  venv_works || "$python" -m venv --clear --without-pip .venv
  "$python" -m pip --python .venv/bin/python install --quiet \
    --require-hashes --no-deps -r requirements-dev.txt
}

# A .pth file and four lines of shell instead of an editable install, which would fetch a build
# backend. Any Python of this environment can then import `portal`, from any folder.
install_portal_command() {
  pwd > "$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/portal.pth"
  cat > .venv/bin/portal << 'END'
#!/bin/sh
# Written by scripts/install.sh. -P: a folder called "portal" where you stand is not the portal.
exec "$(dirname "$(readlink -f "$0")")/python" -P \
  -c 'from portal.cli import app; app(prog_name="portal")' "$@"
END
  chmod +x .venv/bin/portal
}

python=$(scripts/find_python.sh)
if ! "$python" -m pip --version > /dev/null 2>&1; then
  echo "The portal needs pip for $python and it is missing; on Debian: apt-get install python3-pip" >&2
  exit 1
fi

echo "Installing the locked packages into .venv ..."
if ! install_with_uv; then
  echo "uv did not do it, so pip does the same; this takes a few minutes."
  install_with_pip
fi
install_portal_command
touch .venv/.installed
