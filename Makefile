# smartgrid: a PGXS extension, and the commands of the project (make help).

# The project's commands install what is missing first, pg_config included, so
# they are read without PGXS; everything else (all, install, installcheck,
# clean ...) is PGXS' own.
project_goals := help check check-% check-all check-lint check-valgrind coverage demo images psql bench fuzz fuzz-day
wanted := $(filter $(project_goals),$(MAKECMDGOALS))

ifneq ($(wanted),)

# Variables given on the command line (T, DATA, PG_CONFIG, CC, COPT) reach the
# scripts through the environment.
makefile := $(strip $(MAKEFILE_LIST))
here := $(if $(filter Makefile,$(makefile)),$(CURDIR),$(patsubst %/,%,$(dir $(abspath $(makefile)))))
lib := $(here)/test/lib

.PHONY: help check check-all check-clients check-einvoice check-lint check-valgrind coverage demo images psql bench fuzz fuzz-day

help:
	@sed -n 's/^#: //p' "$(here)/Makefile"

#: make                     build against the pg_config in PATH (PG_CONFIG=..., WERROR=1)
#: make install             install it there
#: make installcheck        PGXS' regression tests against a running server that has it installed
#: make check               install what is missing, build, run every test in throw-away clusters
#: make check-regress       one harness only: regress, isolation, pgtap, tap or static;
#:                          T="name ..." picks single tests
#: make check-all           the same on PostgreSQL 15, 17 and 18 in a chroot (as root)
#: make check-clients       drivers, API layers, BI tools, pg_cron: installs them; T="name ..."
#: make check-einvoice      documents by the rules of EN 16931; STYLESHEET=.../EN16931-UBL-validation.xslt
#: make check-lint          cppcheck and clang-tidy over src/
#: make check-valgrind      the regression and pgTAP suites with the server below valgrind; T="name ..."
#: make fuzz                random calls of everything; SECONDS=300, SEED=n
#: make fuzz-day            libFuzzer on packed days, their texts, packed slots; SECONDS=60
#: make coverage            line coverage of src/ over the whole suite; below 90 % is a failure
#: make demo                a village's day in a throw-away cluster; DATA=file.csv replays readings
#: make images              makes the pictures of the documents anew (doc/images), with headless Chromium
#: make bench               measures against references, one table (bench/README.md); QUICK=1: 3 minutes
#: make psql                psql in a throw-away cluster that has the extension
#: make freeze              at a release: keeps its scripts as they are (doc/development.md)

check:
	@bash "$(lib)/check.sh"

check-all:
	@bash "$(lib)/check_all.sh"

check-clients:
	@bash "$(here)/test/clients/run.sh"

check-einvoice:
	@STYLESHEET="$(STYLESHEET)" bash "$(lib)/einvoice.sh"

check-lint:
	@bash "$(lib)/lint.sh"

check-valgrind:
	@bash "$(lib)/valgrind.sh"

fuzz:
	@SECONDS_TO_RUN="$(or $(SECONDS),300)" SEED="$(SEED)" bash "$(lib)/fuzz.sh"

fuzz-day:
	@SECONDS_TO_RUN="$(or $(SECONDS),60)" bash "$(lib)/fuzz_day.sh"

check-%:
	@bash "$(lib)/check.sh" $*

coverage:
	@bash "$(lib)/coverage.sh"

demo:
	@DATA="$(DATA)" bash "$(here)/demo/run.sh"

images:
	@bash "$(here)/demo/images.sh"

bench:
	@bash "$(here)/bench/run.sh"

psql:
	@bash "$(lib)/with_cluster.sh" psql

# make clean check: hand what is not ours to PGXS.
$(filter-out $(wanted),$(MAKECMDGOALS)):
	$(MAKE) -f "$(here)/Makefile" $@

.NOTPARALLEL:

else

EXTENSION = smartgrid
MODULE_big = smartgrid
PGFILEDESC = "smartgrid - energy communities and microgrids"

# Where the sources are: here, or in a VPATH build elsewhere.
src_root := $(or $(VPATH),$(patsubst %/,%,$(dir $(firstword $(MAKEFILE_LIST)))))

# The version is written in the control file and nowhere else.
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" $(src_root)/$(EXTENSION).control)

OBJS := $(patsubst $(src_root)/%.c,%.o,$(sort $(wildcard $(src_root)/src/*.c $(src_root)/src/*/*.c)))

# A fresh installation runs the parts that src/install.list names, in its order;
# an older one the updates in src/updates. That to this version takes its text
# from the parts until the version is released (src/install/parts.awk).
sql_parts := $(addprefix $(src_root)/src/,$(shell sed -e 's/\#.*//' $(src_root)/src/install.list))
expand := awk -v root=$(src_root)/src -f $(src_root)/src/install/parts.awk
# What C has lists of comes from them (src/install/lists.awk).
lists := $(src_root)/src/grid/energy_type.h $(sort $(wildcard $(src_root)/src/*/*.def))
fill_in := awk -f $(src_root)/src/install/lists.awk $(lists)
install_script := $(EXTENSION)--$(EXTVERSION).sql
update_source := $(wildcard $(src_root)/src/updates/$(EXTENSION)--*--$(EXTVERSION).sql)
update_script := $(notdir $(update_source))

DATA_built = $(install_script) $(update_script)
DATA := $(patsubst $(src_root)/%,%,$(filter-out $(update_source),$(sort $(wildcard $(src_root)/src/updates/*.sql))))

REGRESS := $(patsubst $(src_root)/sql/%.sql,%,$(sort $(wildcard $(src_root)/sql/*.sql)))
ISOLATION := $(patsubst $(src_root)/test/isolation/specs/%.spec,%,$(sort $(wildcard $(src_root)/test/isolation/specs/*.spec)))
ISOLATION_OPTS = --inputdir=$(src_root)/test/isolation --load-extension=$(EXTENSION)

PG_CPPFLAGS = -I$(src_root)/src -DSG_VERSION='"$(EXTVERSION)"'
PG_CFLAGS = -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers
ifneq ($(WERROR),)
PG_CFLAGS += -Werror
endif

EXTRA_CLEAN = $(OBJS:.o=.d) build

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifeq ($(wildcard $(PGXS)),)
$(error $(PG_CONFIG) does not lead to PGXS. Install the server's development package (Debian: postgresql-server-dev-15), or let "make check" do it)
endif

# Bitcode for JIT would need the very clang the server was built with, and the
# functions here are far too large to be inlined into a query.
override with_llvm := no

include $(PGXS)

ifneq ($(findstring clang,$(shell $(CC) --version 2>/dev/null)),)
# The server's CFLAGS and printf attribute are those of the compiler it was built with.
override CFLAGS += -Wno-unknown-warning-option -Wno-ignored-optimization-argument \
	-Wno-unused-command-line-argument -Wno-ignored-attributes
endif

# Header dependencies where the server's own build does not track them.
ifneq ($(autodepend),yes)
override CPPFLAGS += -MMD -MP
-include $(OBJS:.o=.d)
endif

# What the library says of its own version.
src/smartgrid.o: $(src_root)/$(EXTENSION).control

# The directories exist already, except in a VPATH build.
object_dirs := $(addprefix $(CURDIR)/,$(sort $(dir $(OBJS))))
$(OBJS): | $(object_dirs)
$(object_dirs):
	$(MKDIR_P) $@

$(install_script): $(sql_parts) $(lists) $(wildcard $(src_root)/src/install/*.awk) $(src_root)/src/install.list \
		$(src_root)/$(EXTENSION).control $(src_root)/Makefile
	( printf '%s\n' '\echo Use "CREATE EXTENSION $(EXTENSION)" to load this file. \quit'; \
	  for part in $(sql_parts); do echo; cat "$$part"; done ) > $@.parts && \
	$(fill_in) $@.parts > $@.tmp && rm $@.parts && mv $@.tmp $@

$(update_script): $(update_source) $(sql_parts) $(lists) $(wildcard $(src_root)/src/install/*.awk)
	$(expand) $(update_source) > $@.parts && $(fill_in) $@.parts > $@.tmp && rm $@.parts && mv $@.tmp $@

# At a release: the update as it is built becomes the source, and the whole
# script test data. Nobody edits either afterwards (test/releases/checksums).
.PHONY: freeze
freeze: $(install_script) $(update_script)
	perl $(src_root)/test/lib/check_releases.pl $(src_root) $(EXTVERSION) $(install_script) $(update_script)

# Compiles nothing: what another compiler has to say about every source.
.PHONY: syntax
syntax: $(OBJS:.o=.syntax)
%.syntax:
	@$(CC) $(filter-out -MMD -MP,$(CFLAGS) $(CPPFLAGS)) -fsyntax-only $(src_root)/$*.c

# Versions other than this one are no longer ours to install.
clean: clean-scripts
.PHONY: clean-scripts
clean-scripts:
	rm -f $(EXTENSION)--*.sql $(EXTENSION)--*.sql.tmp $(EXTENSION)--*.sql.parts

endif
