# IPC Labs. `make help` lists the targets; `make lab-1` is the place to start.
CC      ?= cc
CFLAGS  ?= -O2 -g
WARN     = -Wall -Wextra -Wpedantic -Wshadow
CPPFLAGS = -D_XOPEN_SOURCE=700 -Icommon
BUILD   ?= build
# make knows no name with a space in it: below this directory, wherever that is, names are relative.
override BUILD := $(subst $(CURDIR)/,,$(BUILD))
$(if $(word 2,$(BUILD)),$(error BUILD must have no space in it: $(BUILD)))
BUILD_PATH = $(if $(filter /%,$(BUILD)),$(BUILD),$(CURDIR)/$(BUILD))

SHELL := /bin/bash
.DEFAULT_GOAL := help
.SECONDEXPANSION:
.DELETE_ON_ERROR:

# A lab may be called by its number (6, 06), its name (fifo) or its directory (06-fifo).
LABS     := $(notdir $(wildcard labs/[0-9][0-9]-*))
number    = $(firstword $(subst -, ,$1))
name      = $(patsubst $(call number,$1)-%,%,$1)
matches   = $(filter $2,$1 $(call number,$1) $(patsubst 0%,%,$(call number,$1)) $(call name,$1))
find_lab  = $(firstword $(foreach l,$(LABS),$(if $(call matches,$l,$1),$l)))
lab       = $(or $(find_lab),$(error there is no lab "$1": make list shows them all))
programs  = $(patsubst labs/%.c,$(BUILD)/%,$(wildcard labs/$(call lab,$1)/*.c))
COMMON   := $(BUILD)/common/err_sys.o $(BUILD)/common/px_ipc_name.o

help: ## this list
	@echo 'usage: make TARGET        (N is a lab: 6, 06 or fifo; make list shows them)'
	@awk -F ':.*## ' '/^[a-z][a-zA-Z_%-]*:.*## /{sub(/%/, "N", $$1); printf "  make %-22s %s\n", $$1, $$2}' Makefile

list: ## the labs, one line each
	@for lab in $(LABS); do printf '%-18s %s\n' "$$lab" "$$(sed -n '1s/^# Lab [0-9]*: //p' "labs/$$lab/README.md")"; done

lab-%: $$(call programs,$$*) ## run lab N; STEP=1 asks for a prediction before each reveal
	@BUILD='$(BUILD)' bash labs/$(call lab,$*)/demo.sh

labs: $(LABS:%=lab-%) ## run them all, in order

programs: $(foreach l,$(LABS),$(call programs,$l)) ## build every program

$(BUILD)/common/%.o: common/%.c
	@mkdir -p $(@D)
	@$(CC) -std=c11 $(CPPFLAGS) $(WARN) $(CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/%: labs/%.c $(COMMON)
	@mkdir -p $(@D)
	@$(CC) -std=c11 $(CPPFLAGS) $(WARN) $(CFLAGS) -MMD -MP -pthread -o $@ $< $(COMMON)

# ---- tests and grading ----

# What each target needs beside a compiler and make, and the Debian package that has it.
need = $(foreach t,$1,$(if $(shell command -v $(firstword $(subst :, ,$t))),,$(error $@ needs $(firstword $(subst :, ,$t)): \
       install the package $(lastword $(subst :, ,$t)), or run make $(or $2,deps))))
TEST_TOOLS  := bats:bats jq:jq strace:strace bwrap:bubblewrap parallel:parallel patch:patch
LINT_TOOLS  := shellcheck:shellcheck clang-format:clang-format cppcheck:cppcheck clang:clang musl-gcc:musl-tools

RIG_PARTS := $(wildcard tests/grader/rig/*.c)
rig     := $(BUILD)/grader/rig $(BUILD)/grader/probe $(BUILD)/grader/keeper $(BUILD)/grader/peers/.made
grader: $(rig) $(LABS:%=$(BUILD)/grader/kit/%/.made)

$(BUILD)/grader/rig: $(filter-out %/keeper.c %/probe.c,$(RIG_PARTS)) tests/grader/rig/rig.h
	@mkdir -p $(@D)
	@$(CC) -std=c11 $(WARN) $(CFLAGS) -o $@ $(filter %.c,$^)

$(BUILD)/grader/probe: $(filter-out %/keeper.c %/main.c,$(RIG_PARTS)) tests/grader/rig/rig.h
	@mkdir -p $(@D)
	@$(CC) -std=c11 $(WARN) $(CFLAGS) -o $@ $(filter %.c,$^)

$(BUILD)/grader/keeper: tests/grader/rig/keeper.c
	@mkdir -p $(@D)
	@$(CC) -std=c11 $(WARN) $(CFLAGS) -o $@ $<

# The labs' own programs as a variant's other half, and the ill-behaved halves.
$(BUILD)/grader/kit/%/.made: $$(wildcard labs/$$*/*.c) $$(wildcard common/*.[ch]) tests/grader/build-variant
	@tests/grader/build-variant labs/$* labs/$* $(@D) && touch $@

$(BUILD)/grader/peers/.made: $(wildcard tests/grader/peers/*.c)
	@mkdir -p $(@D)
	@for c in $^; do $(CC) -std=gnu11 $(WARN) -Icommon -static -o $(@D)/$$(basename $$c .c) $$c || exit 1; done; touch $@

grade-%: ## grade VARIANT=dir; CHECK=id, SEED=n: just this one; JSON, TAP, JUNIT=file
	$(call need,$(TEST_TOOLS))
	$(if $(VARIANT),,$(error usage: make $@ VARIANT=dir))
	@$(MAKE) -s --no-print-directory $(rig) '$(BUILD)/grader/kit/$(call lab,$*)/.made'
	@BUILD='$(BUILD_PATH)' tests/grader/grade $(if $(CHECK),-c '$(CHECK)') $(if $(SEED),-s '$(SEED)') \
		$(if $(JSON),-o '$(JSON)') $(if $(TAP),-t '$(TAP)') $(if $(JUNIT),-j '$(JUNIT)') 'labs/$(call lab,$*)' '$(VARIANT)'

start-%: ## a skeleton of lab N to write a variant from, into DIR=dir
	$(if $(DIR),,$(error usage: make $@ DIR=dir))
	@tests/grader/start '$(call lab,$*)' '$(DIR)'

# A class: hundreds of strangers' directories.
CLASS_TOOLS := $(TEST_TOOLS) zip:zip unzip:unzip
grade-all: ## grade a class: LAB=N SUBMISSIONS=dir [JOBS=n] [OUT=dir] [HOSTS=a,b]
	$(call need,$(CLASS_TOOLS) $(if $(HOSTS),rsync:rsync ssh:openssh-client))
	$(if $(and $(LAB),$(SUBMISSIONS)),,$(error usage: make $@ LAB=N SUBMISSIONS=dir))
	@$(MAKE) -s --no-print-directory $(rig) '$(BUILD)/grader/kit/$(call lab,$(LAB))/.made'
	@BUILD='$(BUILD_PATH)' tests/grader/grade-all $(if $(JOBS),-j '$(JOBS)') $(if $(OUT),-o '$(OUT)') $(if $(SEED),-s '$(SEED)') \
		$(if $(HOSTS),-H '$(HOSTS)') 'labs/$(call lab,$(LAB))' '$(SUBMISSIONS)'

gradescope-%: ## the autograder of lab N as a zip for Gradescope; HIDDEN="id id"
	$(call need,zip:zip)
	@tests/grader/gradescope/make-zip '$(call lab,$*)' '$(BUILD_PATH)/gradescope/$(call lab,$*).zip' $(HIDDEN)

watch-%: ## grade VARIANT=dir again on each save
	$(call need,$(TEST_TOOLS) entr:entr)
	$(if $(VARIANT),,$(error usage: make $@ VARIANT=dir))
	@$(MAKE) -s --no-print-directory $(rig) '$(BUILD)/grader/kit/$(call lab,$*)/.made'
	@BUILD='$(BUILD_PATH)' tests/grader/watch 'labs/$(call lab,$*)' '$(VARIANT)'

twins: ## hand-ins that are alike, to be judged: LAB=N OUT=dir of grade-all; GIVEN="files"
	$(call need,sim_c:similarity-tester)
	$(if $(and $(LAB),$(OUT)),,$(error usage: make $@ LAB=N OUT=dir))
	@tests/grader/twins '$(call lab,$(LAB))' '$(OUT)' $(GIVEN)

bench: grader ## what grading costs on this machine: LAB=N (3) COUNTS="10 50 200"
	$(call need,$(CLASS_TOOLS))
	@BUILD='$(BUILD_PATH)' tests/grader/bench-class '$(call lab,$(or $(LAB),3))' $(COUNTS)

test-grader: grader ## prove the grader on known good, bad and hostile variants: ONLY=lab, PART=1/4
	$(call need,$(TEST_TOOLS))
	@BUILD='$(BUILD_PATH)' tests/grader/matrix $(if $(PART),-p '$(PART)') $(ONLY)

test-%: grader programs ## the contract of lab N, on its own programs
	$(call need,$(TEST_TOOLS))
	@BUILD='$(BUILD_PATH)' bats tests/contract/$(call lab,$*).bats

test: grader programs ## everything: each lab's contract, and the kit itself
	$(call need,$(CLASS_TOOLS))
	@BUILD='$(BUILD_PATH)' bats tests/contract tests/kit

# ---- seeing and checking what is taught ----

trace-%: ## what the processes of lab N did, side by side; FORMAT=svg draws it, VARIANT=dir
	$(call need,strace:strace)
	@$(MAKE) -s --no-print-directory $(call programs,$*)
	@BUILD='$(BUILD)' CC='$(CC)' VARIANT='$(VARIANT)' FORMAT='$(or $(FORMAT),text)' common/trace 'labs/$(call lab,$*)'

CLAIMS := $(patsubst tests/claims/%.c,$(BUILD)/claims/%,$(filter-out %/claims.c,$(wildcard tests/claims/*.c)))
$(BUILD)/claims/%: tests/claims/%.c tests/claims/claims.c $(wildcard tests/claims/*.h)
	@mkdir -p $(@D)
	@$(CC) -std=c11 -D_XOPEN_SOURCE=700 $(WARN) $(CFLAGS) -Itests/claims -pthread -o $@ $< tests/claims/claims.c

claims: $(CLAIMS) ## what the notes say, tried on your kernel; claims-N: one lab's
	@BUILD='$(BUILD)' tests/claims/run

claims-%: $$(CLAIMS)
	@BUILD='$(BUILD)' tests/claims/run lab=$(patsubst 0%,%,$(call number,$(call lab,$*)))

SLIDE_TOOLS := node:nodejs npm:npm strace:strace
slides: ## the decks for a projector, in build/slides: HTML, and PDF where Chromium is
	$(call need,$(SLIDE_TOOLS),deps-slides)
	@$(MAKE) -s --no-print-directory programs
	@BUILD='$(BUILD)' slides/build

# ---- care ----

PACKAGES := gcc make bash coreutils util-linux procps bats jq strace bubblewrap parallel patch shellcheck clang clang-format \
            cppcheck musl-tools libc6-dev entr similarity-tester zip unzip rsync
deps: ## install what the tests need (apt-get; sudo if you are not root)
	@if command -v apt-get >/dev/null; then \
		missing=$$(dpkg-query -W -f '$${db:Status-Status} $${Package}\n' $(PACKAGES) 2>&1 | grep -v '^installed ' | grep -c . || true); \
		if [ "$$missing" = 0 ]; then exit 0; fi; \
		sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
		$$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -q --no-install-recommends $(PACKAGES); \
	else \
		echo 'no apt-get here. These packages (by their Debian names) are needed: $(PACKAGES)' >&2; exit 2; \
	fi

# Only what no package has brought yet: Node may come from elsewhere, with npm.
lacking = $(foreach t,$1,$(if $(shell command -v $(firstword $(subst :, ,$t))),,$(lastword $(subst :, ,$t))))
deps-slides: ## install what make slides and its test need: Node, npm, Chromium
	@$(if $(call lacking,$(SLIDE_TOOLS) chromium:chromium),$(MAKE) -s deps PACKAGES='$(call lacking,$(SLIDE_TOOLS) chromium:chromium)',true)

C_FILES     := $(wildcard labs/*/*.c common/*.[ch] tests/grader/rig/*.[ch] tests/grader/peers/*.c tests/claims/*.[ch])
BASH_FILES  := $(wildcard common/*.sh labs/*/demo.sh tests/grader/contract.bash tests/kit/*.bash) \
               $(shell grep -lsE '^#!/usr/bin/env bash' tests/*/* tests/*/*/* common/* slides/* .ci/run)
lint: ## the compilers' warnings as errors (gcc, clang, musl), clang-format, cppcheck, shellcheck
	$(call need,$(LINT_TOOLS))
	@for cc in gcc clang musl-gcc; do echo "$$cc -Werror"; \
		$(MAKE) -s CC=$$cc CFLAGS='-O2 -Werror' BUILD='$(BUILD)/lint/'$$cc programs || exit 1; done
	clang-format --dry-run -Werror $(C_FILES)
	cppcheck -q --std=c11 --enable=warning,performance,portability --suppress=nullPointerRedundantCheck --suppress=ctunullpointer --suppress=ctuuninitvar \
		--error-exitcode=1 -Icommon -Itests/claims $(C_FILES)
	shellcheck -x -P SCRIPTDIR $(sort $(BASH_FILES))

clean: ## remove everything made
	rm -rf $(BUILD)

.SECONDARY:
.PHONY: help list labs programs grader grade-all twins bench claims test-grader test deps lint slides deps-slides clean
.NOTPARALLEL: labs
-include $(wildcard $(BUILD)/*/*.d)
