#!/usr/bin/env perl
# What has to be read of the output of a TAP test that failed: the assertions that
# failed with what they say, and what stands at the end of a script that died.
#
#   test/lib/tap_failures.pl FILE    (of pg_prove -v, or regress_log_* of PostgreSQL::Test)
use strict;
use warnings;

# The lines by which PostgreSQL::Test, the server's programs and prove tell what they do, or how many tests failed.
my $chatter = qr/^\s*(?:$|\#\ (?:Running|Postmaster\ PID|No\ postmaster|Checking\ port|Found\ port)|\#\#\#\ |copied\ from\ |
    (?:Name|Version|Data\ directory|Backup\ directory|Archive\ directory|Connection\ string|Log\ file):\ |
    waiting\ for\ server|server\ st(?:arted|opped)|\ done$|All\ \d+\ subtests\ passed|
    Dubious|Test\ Summary\ Report|-+$|\#\ Looks\ like\ you\ failed|Failed\ (?:\d+\/\d+|tests?:)|Non-zero|Files=|Result:|\S+\ \.\.+\ *$|\S+\ +\(Wstat:)/x;

my (@failed, @rest);
my $open = 0;       # lines that follow belong to an assertion that failed
while (my $line = <>)
{
    $line =~ s/^\[[\d:.]+\]\([\d.]+s\) ?//;         # the clock of PostgreSQL::Test
    if ($line =~ /^\s*(not )?ok\b/)
    {
        $open = defined $1 && $line !~ /# TODO/;
        push @failed, $line if $open;
        @rest = () unless $open;
        next;
    }
    next if $line =~ $chatter;
    if ($open && $line =~ /^\s*#/)
    {
        push @failed, $line unless $line =~ /^\s*#\s*$/;
        next;
    }
    $open = 0;
    push @rest, $line unless $line =~ /^\s*#? ?\d+\.\.\d+/;
}
splice @rest, 0, @rest - 15 if @rest > 15;
print @failed, @rest ? ("-- at the end\n", @rest) : ();
