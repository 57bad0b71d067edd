#!/bin/sh
# Mutation runs over the rules and the door (docs/reference/mutants.md): mutmut breaks the code in
# one small place after the other, and a test must notice each. It works on copies in mutants/, so
# the checkout may be edited meanwhile, and goes on where it was stopped.
#
#   scripts/mutants.sh                       what is not yet decided, floor by floor
#   scripts/mutants.sh portal.policy.gate    one module, decided anew
#   scripts/mutants.sh survivors             what was not killed of any module, decided anew
#
# FLOORS ("policy access") are the floors asked, CHILDREN (1) the mutants tried at a time. TESTS
# names the tests to ask instead of all of the floor: the named module then has a copy of its own,
# which is quick to begin with (TESTS=tests/access/test_gate.py, with portal.access.gate, and with
# survivors after it to ask again about those).
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
export PATH="$here/.venv/bin:$PATH" PORTAL_MUTANTS=1 PYTHONDONTWRITEBYTECODE=1
unset CI PORTAL_EXAMPLES

tests_of() {
  case $1 in
    policy) echo tests/policy ;; # a rule is held by tests that need no database
    access) echo tests/access tests/scenarios/test_cases.py tests/scenarios/test_rule_and_query_agree.py ;;
  esac
}

copy() { # copy NAME: into mutants/NAME all that git knows or would take up, with its times
  mkdir -p "$here/mutants/$1/mutants"
  cd "$here/mutants/$1"
  find . -mindepth 1 -maxdepth 1 ! -name mutants -exec rm -rf {} +
  rm -rf mutants/tests
  (cd "$here" && git ls-files -z --cached --others --exclude-standard |
    xargs -0 sh -c 'for f; do [ ! -f "$f" ] || printf "%s\0" "$f"; done' sh |
    tar -c --null -T -) | tar -x
  # Which test asks which function is only known of the code and the tests as they were then.
  now=$(find portal tests -type f | sort | xargs cat | sha256sum)
  [ "$now" = "$(cat mutants/known.sha256 2> /dev/null)" ] || rm -f mutants/mutmut-stats.json
  echo "$now" > mutants/known.sha256
}

tell() { # tell PATHS TEST...: what mutmut reads in this folder, PATHS being what it breaks
  paths=$1 && shift
  cat > setup.cfg << EOF
[mutmut]
source_paths=
    portal
only_mutate=
    $paths
also_copy=
    docs
    scripts
    templates
pytest_add_cli_args_test_selection=
$(printf '    %s\n' "$@")
type_check_command=
    python
    -m
    mypy
    --config-file
    scripts/mutants_mypy.ini
    --output
    json
    ${paths%/\*.py}
timeout_multiplier=4.0
timeout_constant=5.0
use_git_change_detection=false
on_dependency_change=ignore
EOF
}

not_killed() { mutmut results | sed -n 's/^ *\(portal[^:]*\): \(survived\|timeout\|no tests\)$/\1/p'; }

break_it() { nice -n 10 mutmut run --max-children "${CHILDREN:-1}" "$@"; }

if [ -n "${TESTS:-}" ]; then
  copy "$1"
  # shellcheck disable=SC2086
  tell "$(echo "$1" | tr . /).py" $TESTS
  case ${2:-} in
    "") break_it ;;
    survivors) names=$(not_killed) && [ -z "$names" ] || break_it $names ;;
  esac
  exit
fi
for floor in ${FLOORS:-policy access}; do
  copy "$floor"
  # shellcheck disable=SC2046
  tell "portal/$floor/*.py" $(tests_of "$floor")
  case ${1:-} in
    "") break_it ;;
    survivors) names=$(not_killed) && [ -z "$names" ] || break_it $names ;;
    portal."$floor".*) break_it "$1.*" ;;
  esac
done
