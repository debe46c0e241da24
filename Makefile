# Every target works from a bare clone: Python 3.11 or newer with pip, make and git are all it needs.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PIP_INSTALL := $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes

CDK := node_modules/.bin/cdk

# Without bytecode every start parses all sources again, which costs seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test check e2e docs bundle synth bootstrap diff deploy destroy soak bench-cold bench-tick bench-judge judge-savvi mutants contract-aws contract-page lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.test .venv/.lint .venv/.awscli .venv/.e2e .venv/.judge ## create .venv with the test and lint sets and the AWS CLI

demo: .venv/.test ## roll a release out and back on a simulated endpoint (TRACE=file.csv, ARGS="...")
	@$(BIN)/python -m cli demo $(if $(TRACE),--trace $(TRACE)) $(ARGS)

test: .venv/.test .venv/.awscli .venv/.e2e .venv/.judge ## run the tests (ARGS="-k name" to choose, WORKERS=0 for one process)
	@$(BIN)/python -m pytest -q -n $(or $(WORKERS),2) --dist worksteal $(ARGS)

check: .venv/.test .venv/.lint .venv/.judge docs synth ## everything static: format, lint, types, import contracts, house rules, policies, docs, the template
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_house.py
	$(BIN)/python -m cli policy check policies/
	$(BIN)/python -m pytest -q -n 0 tests/infra

e2e: .venv/.test .venv/.infra .venv/.e2e .venv-ministack/.ok ## deploy the template to ministack and release two versions there, in real time
	@$(BIN)/python -m e2e $(ARGS)

bundle: .venv/.test ## build what the functions run into .pointsman/build, and say what is in it
	@$(BIN)/python -m bundle $(ARGS)

synth: .venv/.test .venv/.infra ## write the template into cdk.out, past every rule that is checked
	$(BIN)/python app.py

bootstrap: .venv/.test .venv/.infra node_modules/.ok ## prepare an account and Region for the CDK, once
	$(CDK) bootstrap $(ARGS)

diff: .venv/.test .venv/.infra node_modules/.ok ## what a deployment would change in the account
	$(CDK) diff $(ARGS)

deploy: .venv/.test .venv/.infra node_modules/.ok ## deploy to the account of your AWS credentials
	$(CDK) deploy --all $(ARGS)

destroy: .venv/.test .venv/.infra node_modules/.ok ## remove it from the account; the audit trail stays
	@echo "What goes: functions, rules, queues with what waits in them, alarms, dashboard, topic, bus, logs."
	@echo "What stays: the tables (state and audit trail), protected against deletion. README.md says how to delete"
	@echo "them too, and how to deploy over them again. Endpoints, models and configs are left exactly as they are:"
	@echo "abort or finish open rollouts first, nobody will watch them afterwards."
	$(CDK) destroy --all $(ARGS)

docs: .venv/.docs ## build the documentation into .pointsman/site; broken links fail
	@rm -rf .pointsman/site
	@$(BIN)/zensical build --strict --clean
	@cp .venv/lib/python3*/site-packages/mermaidx/assets/mermaid.js .pointsman/site/assets/javascripts/
	@! grep -rnoE --include='*.html' '<(script|link|img|iframe)[^>]* (src|href)="(https?:)?//[^"]*' .pointsman/site \
		|| { echo "these pages load something from elsewhere" >&2; exit 1; }
	@echo "open .pointsman/site/index.html; for its search: python3 -m http.server -b 127.0.0.1 -d .pointsman/site"

soak: .venv/.test ## explore many more schedules than `make test` does (N=50000)
	POINTSMAN_SCHEDULES=$(or $(N),50000) $(BIN)/python -m pytest -q tests/properties

bench-cold: .venv/.test .venv/.bench ## measure what a fresh function takes until its call (ARGS=--write renews the page)
	@$(BIN)/python -m benchmarks.cold_start $(ARGS)

bench-judge: .venv/.test .venv/.judge ## what each rule does with seeded rollouts, 11 minutes a level of noise (ARGS=--help; RUNS, SEED)
	@$(BIN)/python -m benchmarks.judge $(if $(RUNS),--runs $(RUNS)) $(if $(SEED),--seed $(SEED)) $(ARGS)

bench-tick: .venv/.test .venv/.e2e .venv-ministack/.ok ## measure a tick with 1, 100 and 1,000 open rollouts, and its passes (ARGS=--write renews the page)
	@$(BIN)/python -m benchmarks.tick $(ARGS)

judge-savvi: .venv/.test .venv/.savvi ## hold the odds of the canary judge against savvi, which implements them independently
	@$(BIN)/python -m pytest -q -n 0 tests/benchmarks/test_savvi.py

contract-aws: .venv/.test ## ask a real AWS account whether it is as the simulation claims; costs money, asks first (ARGS=--help)
	@$(BIN)/python -m contract $(ARGS)

contract-page: .venv/.test ## write the table of docs/contract.md anew
	@$(BIN)/python -m contract.write_page

mutants: .venv/.test .venv/.mutation ## break the deciding code on purpose and list what no test noticed
	$(BIN)/mutmut run
	$(BIN)/mutmut results

lock: .venv/.test ## pin requirements/*.in anew, with hashes and without addresses
	cd requirements && for set in runtime test awscli bootstrap lint docs mutation infra bench judge savvi typical e2e ministack; do \
		../$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header $(if $(UPGRADE),--upgrade) "$$set.in" -o "$$set.txt" || exit 1; \
	done

clean: ## remove the environment and everything generated
	rm -rf .venv .venv-ministack node_modules cdk.out mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .cache .pointsman
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.uv: requirements/bootstrap.txt
	$(PYTHON) -m venv --without-pip .venv
	$(PYTHON) -m pip --python $(BIN)/python install -qq --disable-pip-version-check --require-hashes -r $<
	@touch $@

node_modules/.ok: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# ministack pins another botocore than ours.
.venv-ministack/.ok: requirements/ministack.txt .venv/.uv
	$(PYTHON) -m venv --without-pip .venv-ministack
	$(BIN)/uv pip install -q --python .venv-ministack/bin/python --require-hashes -r $<
	@touch $@

.venv/.%: requirements/%.txt .venv/.uv
	$(PIP_INSTALL) -r $<
	@touch $@
