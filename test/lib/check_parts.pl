#!/usr/bin/env perl
# src/install.list names every installation part once, and no part changes what
# another one made (src/install/parts.awk).
use strict;
use warnings;

my $root = shift or die "usage: $0 directory\n";
chdir $root or die "$root: $!\n";
my @parts = grep { !m{^src/updates/} } sort glob 'src/*/*.sql';

open my $in, '<', 'src/install.list' or die "src/install.list: $!\n";
my %listed;
$listed{"src/$_"}++ for grep { $_ ne '' } map { s/\s*(#.*)?$//sr } <$in>;
my @wrong = ((map { "$_ is not in src/install.list" } grep { !$listed{$_} } @parts),
    (map { "src/install.list has $_ $listed{$_} times" } grep { $listed{$_} > 1 } sort keys %listed),
    (map { "src/install.list has $_, which does not exist" } grep { !-f } sort keys %listed));
print map { "$_\n" } @wrong;
my $said = system 'awk', '-v', 'check=1', '-f', 'src/install/parts.awk', @parts;
exit(@wrong || $said ? 1 : 0);
