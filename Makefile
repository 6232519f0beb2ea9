# Everything a user or a developer runs. `make demo` and `make test` set up all they need.
PYTHON ?= python3
WORKERS ?= auto
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help demo test check format docs bench results gallery models graph fuzz lock clean
help:            ## list what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "radiolucent needs Python 3.11 or newer; try make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[deep,lightgbm,onnx,test]"
	@touch $@

demo: $(READY)   ## run the main job on the embedded phantom cohort and say where its report is
	@rm -rf build/demo
	$(BIN)/radiolucent demo -o build/demo

test: $(READY)   ## run all tests
	$(BIN)/python -m pytest -n $(WORKERS)

check: $(READY)  ## format, lint, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(READY) ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY)   ## renew the generated pages on commands and operations
	$(BIN)/python -m radiolucent.cli.handbook docs

OWN := tests/test_faults.py tests/test_turned.py tests/dicom/test_alike.py tests/reason/test_guidelines.py tests/test_planted_identities.py

conformance: $(READY) ## compare with references that others made and with our own, and write docs/conformance.md
	$(BIN)/python -m pytest tests/reference $(OWN) --conformance docs/conformance.md

bench: $(READY)  ## time ours beside peers, in one run
	@mkdir -p docs/results
	for file in benchmarks/*.py; do $(BIN)/python $$file --json docs/results/bench_$$(basename $$file .py).json || exit 1; done
	$(BIN)/python results/page.py

results: $(READY) ## measure accuracy on the real sets and write docs/results.md (resumable, takes hours)
	$(BIN)/python results/cohorts.py
	$(BIN)/python results/ladder.py
	$(BIN)/python results/hippocampus.py
	$(BIN)/python results/segment.py
	$(BIN)/python results/unet2d.py
	$(BIN)/python results/cardiothoracic.py
	$(BIN)/python results/knee.py
	$(BIN)/python results/mednist.py
	$(BIN)/python results/pocus.py
	$(BIN)/python results/gan.py
	$(BIN)/python results/classic.py
	$(BIN)/python results/recognise.py
	$(BIN)/python results/keypoints.py
	$(BIN)/python results/lettering.py
	$(BIN)/python results/page.py

gallery: $(READY) ## every operation on a picture of each modality: build/gallery/index.html
	$(BIN)/python results/gallery.py

PICTURES ?= $(or $(RADIOLUCENT_SHARED),../shared)/data/mednist-6000
models: $(READY) ## learn to recognise machine and body part (PICTURES=DIR: a folder of pictures per class); kept in your cache
	$(BIN)/radiolucent recognise learn-pictures $(PICTURES) --overwrite

OIFM ?= $(or $(RADIOLUCENT_SHARED),../shared)/reference/kg-oifm/oifm-index.json
graph: $(READY)  ## build the knowledge graph anew from its sources (OIFM=FILE: the finding models as JSON)
	$(BIN)/python scripts/graph.py $(OIFM)

fuzz: $(READY)   ## damage headers at random for some minutes, and see that nothing but a typed error comes of it
	RADIOLUCENT_FUZZ=20000 $(BIN)/python -m pytest tests/test_fuzz.py --show-capture=no

lock:            ## resolve the newest versions into constraints.txt (needs uv)
	uv pip compile --quiet --no-header --no-annotate --all-extras --upgrade --python-version 3.11 pyproject.toml -o constraints.txt

clean:           ## remove the environment and everything built
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis
