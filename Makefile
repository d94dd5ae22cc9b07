# IPC Labs. `make help` lists the targets; `make lab-1` is the place to start.
CC      ?= cc
CFLAGS  ?= -O2 -g
WARN     = -Wall -Wextra -Wpedantic -Wshadow
CPPFLAGS = -D_XOPEN_SOURCE=700 -Icommon
BUILD   ?= build

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

clean: ## remove everything made
	rm -rf $(BUILD)

.SECONDARY:
.PHONY: help list labs programs clean
.NOTPARALLEL: labs
-include $(wildcard $(BUILD)/*/*.d)
