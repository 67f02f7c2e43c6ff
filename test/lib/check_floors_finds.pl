#!/usr/bin/env perl
# Does check_floors.pl find what it is for? Plants one violation of each kind in
# a copy of the tree, and expects that each is said, and was not before.
#
#   test/lib/check_floors_finds.pl directory
use strict;
use warnings;
use FindBin;
use File::Basename;
use File::Copy;
use File::Find;
use File::Path;
use File::Temp;

my $root = shift or die "usage: $0 directory\n";
my $copy = File::Temp->newdir;

# By path what is added to the end of a file, or makes a new one.
my %planted = (
    'src/floors' => <<'END',
cellar: base
attic: base
store: grid
except grid/grid.c length: nobody needs it
a line without a meaning
END
    'src/install.list' => "grid/no_such_part.sql\ngrid/planted_twice.sql\ngrid/planted_twice.sql\n",
    'src/grid/planted.c' => <<'END' . "\n" x 400,
/* See SPEC section 3, doc/no_such_page.md, doc/evidence.md#no-such-chapter and no_such_file.c. */
#include "booking/trade.h"
#include "pool.h"
#include "grid/no_such_header.h"

PG_FUNCTION_INFO_V1(sg_planted);

static const char *const sql = "SELECT FROM smartgrid.block";
static const char *const only_a_word = "block_detail"; /* NULL where there is none of ours */
static bool look_up(void) { return relations_has_table("seal_point"); }
static const StoreTable table = TABLE_TRADE;
static const FormTrade *trade;
extern bool trade_was_offered(int64 seller_id, int64 buyer_id);
END
    'src/grid/planted_twice.sql' => <<'END',
-- sg_load_curve is only mentioned here, and in what people read below.
CREATE FUNCTION smartgrid.planted() RETURNS bigint LANGUAGE sql RETURN (SELECT count(*) FROM smartgrid.trade);
COMMENT ON FUNCTION smartgrid.planted() IS 'not sg_kpis';
DO $$ BEGIN PERFORM @extschema@.sg_seal(); END $$;
END
    'src/grid/planted_left_out.sql' => <<'END',
/* Our ../shared plans. */
CREATE VIEW @extschema@.sg_trades AS SELECT 1;
CREATE FUNCTION @extschema@.sg_planted() RETURNS boolean LANGUAGE c AS 'MODULE_PATHNAME', 'sg_planted';
END
    'src/loft/planted.c' => "int loft;\n",
    'src/attic/README.md' => "- May use: everything.\n- Tables: none.\n",
);

# What has to be said, by kind.
my @expected = (
    [ 'a floor without a line',        qr{^src/floors: floor loft has no line$}m ],
    [ 'a line without a floor',        qr{^src/floors: there is no floor cellar$}m ],
    [ 'a circle',                      qr{^src/floors: a circle: .*store uses grid}m ],
    [ 'an exception without need',     qr{^src/floors:\d+: nothing to except: grid/grid\.c length}m ],
    [ 'an odd line',                   qr{^src/floors:\d+: neither a floor nor an exception}m ],
    [ 'a floor without its README',    qr{^src/cellar: has no README\.md$}m ],
    [ 'a README that is wrong',        qr{^src/attic/README\.md: "May use" says "everything", it is "base"$}m ],
    [ 'an include upwards',            qr{^src/grid/planted\.c:2: "booking/trade\.h" is of floor booking}m ],
    [ 'an include without its floor',  qr{^src/grid/planted\.c:3: "pool\.h" is included without its floor}m ],
    [ 'an include of nothing',         qr{^src/grid/planted\.c:4: there is no src/grid/no_such_header\.h}m ],
    [ 'a way around includes',         qr{^src/grid/planted\.c:\d+: declares by itself}m ],
    [ 'a table opened upwards',        qr{^src/grid/planted\.c:\d+: TABLE_TRADE is of floor booking}m ],
    [ 'a row of a table upwards',      qr{^src/grid/planted\.c:\d+: FormTrade is of floor booking}m ],
    [ 'a table in a string',           qr{^src/grid/planted\.c:\d+: smartgrid\.block is of floor evidence}m ],
    [ 'an object looked up by name',   qr{^src/grid/planted\.c:\d+: smartgrid\.seal_point is of floor evidence}m ],
    [ 'a table in a part',             qr{^src/grid/planted_twice\.sql:2: smartgrid\.trade is of floor booking}m ],
    [ 'a function in a part',          qr{^src/grid/planted_twice\.sql:4: sg_seal is of floor evidence}m ],
    [ 'an object of two floors',       qr{: sg_trades is created in .*, too$}m ],
    [ 'a C function without its part', qr{^src/grid/planted\.c: sg_planted\(\) is not declared in src/grid/planted\.sql, but in src/grid/planted_left_out\.sql$}m ],
    [ 'a word without a test',         qr{^src/grid/planted\.c: "planted" has no test}m ],
    [ 'a word without a chapter',      qr{^src/grid/planted\.c: "planted" has no chapter}m ],
    [ 'a page of nobody\'s',           qr{^src/grid/planted\.c:1: cites SPEC}m ],
    [ 'a directory of nobody\'s',      qr{^src/grid/planted_left_out\.sql:1: cites \.\./shared}m ],
    [ 'a page that does not exist',    qr{^src/grid/planted\.c:1: cites doc/no_such_page\.md}m ],
    [ 'a chapter that does not exist', qr{^src/grid/planted\.c:1: cites doc/evidence\.md#no-such-chapter}m ],
    [ 'a file that does not exist',    qr{^src/grid/planted\.c:1: cites no_such_file\.c}m ],
    [ '"where" for "if"',              qr{^src/grid/planted\.c:\d+: says "NULL where"}m ],
    [ '"ours" for "the extension\'s"', qr{^src/grid/planted\.c:\d+: says "of ours"}m ],
    [ 'a long file',                   qr{^src/grid/planted\.c: has \d+ lines}m ],
    [ 'a part that does not exist',    qr{^src/install\.list:\d+: there is no src/grid/no_such_part\.sql}m ],
    [ 'a part named twice',            qr{^src/install\.list:\d+: grid/planted_twice\.sql for the second time}m ],
    [ 'a part left out',               qr{^src/install\.list: does not name src/grid/planted_left_out\.sql}m ],
);

# What must not be said: comments and what people read are no use of anything.
my @unexpected = (qr{planted.*sg_load_curve}, qr{planted.*sg_kpis}, qr{planted.*block_detail});

sub said { return scalar `"$^X" "$FindBin::Bin/check_floors.pl" "$copy" 2>&1` }

find({ no_chdir => 1, wanted => sub {
    $File::Find::prune = 1 if m{/(?:\.git|build)$};
    return unless -f && !/\.(?:o|d|so)$/;
    my $to = $copy . substr $_, length $root;
    mkpath(dirname($to));
    copy($_, $to) or die "$_: $!\n";
} }, $root);

my $before = said();
for my $path (sort keys %planted)
{
    mkpath(dirname("$copy/$path"));
    open my $out, '>>', "$copy/$path" or die "$path: $!\n";
    print $out $planted{$path};
    close $out or die "$path: $!\n";
}
my $after = said();
my @wrong = map { "not found: $_->[0]" } grep { $before =~ $_->[1] || $after !~ $_->[1] } @expected;
push @wrong, map { "said without reason: $&" } grep { $after =~ $_ } @unexpected;
die map { "$_\n" } @wrong, "--- it said:", $after if @wrong;
