# Everything a fresh machine needs: `make run` and `make test`. README.md says the rest.

PYTHON = .venv/bin/python

.PHONY: help run test format lock
.DEFAULT_GOAL = help

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r target text; do \
		printf '%-14s %s\n' "$$target" "$$text"; done

run: ## Install, migrate and serve on http://127.0.0.1:8000 until Ctrl-C
	@$(call install,requirements.txt)
	@exec $(PYTHON) manage.py serve

test: ## Check everything: format, lint, types, layers, migrations, settings, tests
	@$(call install,requirements-dev.txt)
	@exec $(PYTHON) -m tests.run

format: ## Rewrite Python and templates in the house style
	@$(call install,requirements-dev.txt)
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix .
	@find templates -name '*.html' -exec .venv/bin/djade {} +

lock: ## Lock the newest versions that pyproject.toml allows, with their hashes
	@$(find_python); scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && \
	"$$python" -m venv "$$scratch" && "$$scratch/bin/pip" install --quiet uv && \
	for lock in requirements.txt requirements-dev.txt; do \
		case $$lock in *-dev.txt) more='--group dev --constraint requirements.txt';; *) more=;; esac; \
		"$$scratch/bin/uv" pip compile pyproject.toml $$more --quiet --upgrade --universal \
			--generate-hashes --no-emit-index-url --no-annotate --no-header \
			--python-version 3.11 --output-file "$$lock" || exit 1; \
	done

# Sets $python to the first interpreter that is new enough and can make environments.
define find_python
for python in python3.13 python3.12 python3.11 python3 ''; do \
	[ -z "$$python" ] || "$$python" -c \
		'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
done; \
if [ -z "$$python" ]; then \
	echo 'Slipway needs Python 3.11 or newer with venv (on Debian: apt install python3-venv).' >&2; \
	exit 1; \
fi
endef

# Makes .venv hold what the lock file $(1) names. The stamp carries a checksum of the locks.
define install
stamp=$$(cat requirements.txt requirements-dev.txt | cksum | tr ' ' -); \
if ! { [ -e ".venv/$(1).$$stamp" ] && $(PYTHON) -c ''; } 2>/dev/null; then \
	$(find_python); \
	echo "Installing what $(1) names (the first time takes a minute) …"; \
	$(PYTHON) -c '' 2>/dev/null || "$$python" -m venv --clear .venv || exit 1; \
	find .venv -maxdepth 1 -name 'requirements*' ! -name "*.$$stamp" -exec rm {} +; \
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) || exit 1; \
	touch ".venv/$(1).$$stamp"; \
fi
endef
