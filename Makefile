# The commands of this project. `make demo` and `make test` do all the set-up they need.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
# Python and pytest keep what they have compiled, also where the surroundings say otherwise: it halves each start.
export PYTHONDONTWRITEBYTECODE :=
# Storage and actions, which make test runs on PostgreSQL too; make slow runs everything there.
ON_BOTH := tests/storage tests/register \
  $(addprefix tests/people/test_,links.py organisations.py persons.py roles.py) \
  $(addprefix tests/workshops/test_,check_in.py enrolment.py planning.py) \
  $(addprefix tests/alliance/test_,activities.py co_creation.py needs.py plans.py) tests/curriculum/test_teams.py \
  $(addprefix tests/awards/test_,at_once.py awarding.py claiming.py moving.py stacking.py two_teachers.py undelivered.py) \
  tests/curriculum/test_actions.py $(addprefix tests/curriculum/test_,catalogue.py curricula.py findings.py pathways.py uploads_of_pictures.py frameworks.py framework_imports.py versions.py) tests/backpack/test_sharing.py

FUZZED = -m "not slow" tests/openbadges tests/workshops/test_class_lists.py tests/curriculum/test_framework_files.py \
  -k "any or every or never"

.PHONY: setup demo demo-reset quick test slow wander bench lock licences format translations wheel pictures conformance

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@if git rev-parse --git-dir >/dev/null 2>&1; then git config core.hooksPath .githooks; fi
	@touch $(READY)

demo: setup
	@$(BIN)/badge-service demo $(if $(LAN),--insecure-lan)

demo-reset: setup
	@$(BIN)/badge-service demo --reset $(if $(LAN),--insecure-lan)

quick: setup
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/lint-imports > .venv/lint-imports.txt || { cat .venv/lint-imports.txt; exit 1; }
	$(BIN)/mypy --no-error-summary
	$(BIN)/pytest -n 2 --dist worksteal --quick

test: setup
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow"
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow and not browser and not full" --database=postgresql $(ON_BOTH)

slow: setup
	$(BIN)/pytest -n 2 --dist worksteal -m "not slow and not browser and not full" --database=postgresql
	$(BIN)/pytest -n 2 --dist worksteal -m slow
	COVERAGE_FILE=.venv/.coverage $(BIN)/coverage run --branch --source=badge_service/openbadges -m pytest -m "not slow" tests/openbadges
	COVERAGE_FILE=.venv/.coverage $(BIN)/coverage report --skip-covered --show-missing --fail-under=95
	HYPOTHESIS_PROFILE=fuzz $(BIN)/pytest -n 2 --dist worksteal $(FUZZED)

# Other examples each time, where `make slow` draws the same ones of the same code on every machine.
wander: setup
	HYPOTHESIS_PROFILE=wander $(BIN)/pytest -n 2 --dist worksteal $(FUZZED)

bench: setup
	@$(BIN)/python tests/bench/run.py

# Our transcription of the public test suites; with SUITES=DIR the suites themselves, if they are installed there.
conformance: setup
	@$(BIN)/python tests/conformance/run.py $(if $(SUITES),"$(SUITES)")

pictures: setup
	$(BIN)/python tests/journeys/pictures.py

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

translations: setup
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ -k _l -k lazy_gettext --no-location --sort-output --omit-header -o /tmp/badge-service.pot .
	for language in bg nl es; do $(BIN)/pybabel -q update -i /tmp/badge-service.pot -d badge_service/translations -l $$language --no-fuzzy-matching --ignore-obsolete --no-wrap; done

lock:
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file requirements.lock pyproject.toml
	$(MAKE) --no-print-directory licences

licences:
	@{ printf '# What this service is built from\n\nGenerated from requirements.lock by `make licences`.\n\n'; \
	$(BIN)/pip-licenses --format=markdown --with-urls --packages $$(grep -oE '^[A-Za-z0-9._-]+==' requirements.lock | tr -d =); } > docs/licences.md

wheel: setup
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .
