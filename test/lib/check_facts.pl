#!/usr/bin/env perl
# Facts that have to be said in more than one place agree: lists that documents,
# tests and SQL repeat from src/*/*.def, roles, settings, notifications.
#
#   test/lib/check_facts.pl directory
use strict;
use warnings;
use File::Find;

my $root = shift or die "usage: $0 directory\n";
chdir $root or die "$root: $!\n";

my @wrong;

sub slurp
{
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!\n";
    local $/;
    return scalar <$in>;
}

# ---- lists of names ----

# What may stand between two names.
my $between = qr/[\s`'"|{}()\[\],]*(?:\b(?:or|and|numeric)\b)?[\s`'"|{}()\[\],]+/;

# Where the first names of a list stand in its order, there are all; how many those are is enough to know it by.
my @lists = (
    { what => 'energy types', from => 'src/grid/energy_type.def', macro => 'ENERGY_TYPE', known_by => 5 },
    { what => 'kinds of entries', from => 'src/ledger/entry_kind.def', macro => 'ENTRY_KIND', known_by => 5 },
    { what => 'statuses of trades', from => 'src/booking/trade_status.def', macro => 'TRADE_STATUS', known_by => 3 },
);
for my $list (@lists)
{
    my @names = slurp($list->{from}) =~ /^\Q$list->{macro}\E\([A-Z_]+, "([a-z_-]+)"/mg;
    push @wrong, "$list->{from}: no $list->{what}" if @names < $list->{known_by};
    # What takes a kind of entry back may stand between.
    $list->{passing} = $list->{macro} eq 'ENTRY_KIND' ? qr/(?:$between\Qreversal-\E[a-z_-]+)*/ : qr//;
    # A column is called as the type, with _ for -.
    $list->{names} = [ map { quotemeta($_) =~ s/\\-/[-_]/gr } @names ];
    $list->{all} = join ', ', @names;
}

sub check_lists
{
    my ($path, $text) = @_;
    for my $list (@lists)
    {
        my @names = @{ $list->{names} };
        my $known = join $between, @names[ 0 .. $list->{known_by} - 1 ];
        my $rest = join '', map { "$list->{passing}$between$_\\b" } @names[ $list->{known_by} .. $#names ];
        while ($text =~ /(?<![\w-])$known\b/g)
        {
            my $line = (substr($text, 0, $-[0]) =~ tr/\n//) + 1;
            push @wrong, "$path:$line: not all $list->{what}, in their order: $list->{all}" if substr($text, $+[0]) !~ /^$rest/;
        }
    }
}

# The first cells of the rows of tables, each table's in one line where it begins.
sub first_cells
{
    my ($text) = @_;
    my ($in_table, $cells) = (0, '');
    for my $line (split /\n/, $text)
    {
        $cells .= $in_table && $line =~ /^\| `([^`]+)` \|/ ? ", $1" : "\n";
        $in_table = $line =~ /^\|/;
    }
    return $cells;
}

find({ no_chdir => 1, wanted => sub {
    $File::Find::prune = 1 if m{/(?:\.git|build|releases|updates)$};
    return unless -f && -T _ && m{^\./(?:src|sql|expected|test|demo|bench|doc|README|CHANGELOG)};
    return if m{\.(?:def|[od])$};
    my $path = s{^\./}{}r;
    my $text = slurp($path);
    check_lists($path, $text);
    check_lists("$path (first cells)", first_cells($text)) if $path =~ /\.md$/;
} }, '.');

# SQL compares a code by its name (@kind=trade@), by what its entries do (entry_effects()), or with an argument: never with
# a number.
find({ no_chdir => 1, wanted => sub {
    $File::Find::prune = 1 if m{/updates$};
    return unless -f && /\.(?:sql|c)$/;
    my $path = $_;
    my $text = slurp($path);
    # Of C, the strings.
    $text =~ s/"((?:[^"\\\n]|\\.)*)"|([^"\n]+)/defined $1 ? $1 : ''/ge if /\.c$/;
    while ($text =~ /\b((?:kind|status|energy_type)\b\s*(?:=|<>|[<>]=?|IN\b|BETWEEN\b)\s*\(?-?\d)/g)
    {
        my $line = (substr($text, 0, $-[0]) =~ tr/\n//) + 1;
        push @wrong, "$path:$line: \"$1\" compares a code with a number";
    }
} }, 'src');

# ---- names that stand in several places ----

# Each place says the same names; returns them.
sub same_names
{
    my ($what, %said) = @_;
    my ($first, @others) = sort keys %said;
    my %list = map { my $place = $_; $place => join ', ', sort keys %{ { map { $_ => 1 } @{ $said{$place} } } } } keys %said;
    push @wrong, "$first says no $what" if $list{$first} eq '';
    for (@others)
    {
        push @wrong, "$what: $first says $list{$first}; $_ says $list{$_}" if $list{$_} ne $list{$first};
    }
    return @{ $said{$first} };
}

sub names_in
{
    my ($path, $pattern) = @_;
    return ($path => [ slurp($path) =~ /$pattern/mg ]);
}

my %role = map { $_ => 1 } same_names('roles',
    names_in('src/grid/identity.h', qr/^#define ROLE_\w+\s+"(smartgrid_\w+)"/m),
    names_in('src/install/roles.sql', qr/\('(smartgrid_\w+)', '/m),
    names_in('doc/reference/roles.md', qr/^\| `(smartgrid_\w+)` \|/m));

# Other words that begin like a role: the channel of blocks, and what a script sets for itself.
my %no_role = map { $_ => 1 } qw(smartgrid_block smartgrid_script);
find({ no_chdir => 1, wanted => sub {
    $File::Find::prune = 1 if m{/updates$};
    return unless -f && /\.(?:c|h|sql)$/;
    my $path = $_;
    $role{$_} || $no_role{$_} || push @wrong, "$path: there is no role $_" for slurp($path) =~ /\b(smartgrid_[a-z]+)\b/g;
} }, 'src');

same_names('settings',
    names_in('src/smartgrid.c', qr/\bDefineCustom\w+Variable\("(smartgrid\.\w+)"/m),
    names_in('src/settings.h', qr{/\* (smartgrid\.\w+)}m),
    names_in('doc/reference/settings.md', qr/^\| `(smartgrid\.\w+)` \|/m));

same_names('notifications',
    names_in('src/grid/notify.c', qr/^\t\[NOTIFY_\w+\] = "(\w+)"/m),
    names_in('doc/notifications.md', qr/^\| `(\w+)` \|/m),
    'doc/notifications.md, examples' => (names_in('doc/notifications.md', qr/^\{"event": "(\w+)"/m))[1]);

print map { "$_\n" } @wrong;
exit(@wrong ? 1 : 0);
