#!/bin/sh
# Mutation runs over the rules and the door (docs/reference/mutants.md): mutmut breaks the code in
# one small place after the other, and a test must notice each. It works on copies in mutants/, so
# the checkout may be edited meanwhile, and goes on where it was stopped.
#
#   scripts/mutants.sh                       what is not yet decided: the rules, then the door
#   scripts/mutants.sh portal.access.gate    one module, decided anew
#   scripts/mutants.sh survivors             what was not killed of any module, decided anew
#
# FLOORS ("policy access") are the floors asked, CHILDREN (1) the mutants tried at a time. The rules
# are broken in one copy and asked of all of their tests, which need no database; each module of
# the door has a copy of its own and is asked of the tests next to it. TESTS names others for one
# module (TESTS=tests/access/test_gate.py, with portal.access.gate, and with survivors after it to
# ask again about those).
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
export PATH="$here/.venv/bin:$PATH" PORTAL_MUTANTS=1 PYTHONDONTWRITEBYTECODE=1
unset CI PORTAL_EXAMPLES

tests_of() { # tests_of COPY: the tests that are asked about what is broken in it
  one=tests/access
  case $1 in
    policy) echo tests/policy ;; # a rule is held by tests that need no database
    *.documents) echo $one/test_documents.py $one/test_kinds_of_document.py $one/test_family_papers.py ;;
    *.exported) echo $one/test_exported.py $one/test_exports.py tests/exporting/test_taking_out.py ;;
    *.gate) echo $one/test_gate.py $one/test_partner_opens_a_record.py ;;
    *.onlookers) echo $one/test_onlookers.py $one/test_looking_back.py ;;
    *.slips) echo tests/referrals/test_slips.py ;;
    *.trail) echo $one/test_trail.py $one/test_chains.py $one/test_unit_of_work.py ;;
    *.unit_of_work) echo $one/test_unit_of_work.py $one/test_trail.py ;;
    *.unnamed_*) echo $one/test_unnamed_counts.py $one/test_unnamed_offices.py ;;
    *.visible) echo $one/test_visible.py tests/scenarios/test_truth_table.py ;;
    *) echo "$one/test_${1##*.}.py" ;;
  esac
}

broken_in() { # broken_in COPY: the files that mutmut breaks there
  case $1 in policy) echo "portal/policy/*.py" ;; *) echo "$1.py" | sed 's:\.:/:; s:\.:/:' ;; esac
}

copies_of() { # copies_of FLOOR
  case $1 in
    policy) echo policy ;;
    access) (cd "$here" && ls portal/access/*.py | sed -n 's:/:.:g; s/\.py$//; /__init__/!p') ;;
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

not_killed() { mutmut results | sed -n 's/^ *\(portal[^:]*\): \(survived\|timeout\|no tests\|not checked\)$/\1/p'; }

break_it() { nice -n 10 mutmut run --max-children "${CHILDREN:-1}" "$@"; }

ask() { # ask COPY [MUTANTS|survivors]: break it and ask; all that is not yet decided, or these
  copy "$1"
  # shellcheck disable=SC2046,SC2086
  tell "$(broken_in "$1")" ${TESTS:-$(tests_of "$1")}
  case ${2:-} in
    "") break_it ;;
    survivors) names=$(not_killed) && [ -z "$names" ] || break_it $names ;;
    *) break_it "$2" ;;
  esac
}

case ${1:-} in
  portal.policy.*) ask policy "${2:-$1.*}" ;;
  portal.access.*) ask "$1" "${2:-$1.*}" ;;
  *)
    for floor in ${FLOORS:-policy access}; do
      for one in $(copies_of "$floor"); do ask "$one" "${1:-}"; done
    done
    ;;
esac
