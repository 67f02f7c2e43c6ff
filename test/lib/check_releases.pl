#!/usr/bin/env perl
# What was released is not edited: test/releases/checksums has the SHA-256 of
# every released update and of every released version's whole installation.
#
#   check_releases.pl directory
#       compares; only the update to a version that is not released may differ
#   check_releases.pl directory version install_script update_script
#       keeps the scripts of a version that is released now (make freeze)
use strict;
use warnings;
use Digest::SHA;
use File::Copy qw(copy);

my ($root, $version, @built) = @ARGV;
die "usage: $0 directory [version install_script update_script]\n" unless defined $root && (!defined $version || @built == 2);
my $list = "$root/test/releases/checksums";

sub sum { return Digest::SHA->new(256)->addfile("$root/$_[0]")->hexdigest }
sub released { return map { s{^\Q$root\E/}{}r } sort glob("'$root/test/releases'/*.sql"), glob("'$root/src/updates'/*.sql") }

my %recorded;
if (open my $in, '<', $list)
{
    while (<$in>)
    {
        /^([0-9a-f]{64})  (.+)$/ or die "$list: line $.: not a checksum\n";
        $recorded{$2} = $1;
    }
}

my @wrong;
for my $file (sort keys %recorded)
{
    if (!-f "$root/$file") { push @wrong, "$file was released and is gone" }
    elsif (sum($file) ne $recorded{$file}) { push @wrong, "$file was released and has been edited" }
}
my %whole = map { /smartgrid--([0-9.]+)\.sql$/ ? ($1 => 1) : () } keys %recorded;
for my $file (grep { !$recorded{$_} } released())
{
    my ($to) = $file =~ /--([0-9.]+)\.sql$/ or next;
    push @wrong, "$file is not in test/releases/checksums" if $whole{$to} || $file =~ m{^test/releases/};
}
die map { "$_\n" } @wrong if @wrong;
exit 0 unless defined $version;

die "$version is released already; the version is written in smartgrid.control\n" if $whole{$version};
for my $script (@built)
{
    my $to = ($script =~ /--.*--/ ? 'src/updates' : 'test/releases') . "/$script";
    copy($script, "$root/$to") or die "$to: $!\n";
    $recorded{$to} = sum($to);
}
open my $out, '>', $list or die "$list: $!\n";
print $out map { "$recorded{$_}  $_\n" } sort keys %recorded;
close $out or die "$list: $!\n";
