# Kills a server and everything it has started, as a power cut would end them.
package ServerDeath;

use strict;
use warnings;
use Exporter 'import';
use PostgreSQL::Test::Utils;
use Time::HiRes qw(sleep);

our @EXPORT = qw(kill_server);

# The server and all of its children, as the kernel knows them.
sub processes
{
    my ($postmaster) = @_;
    my @pids = ($postmaster);
    for my $stat (glob '/proc/[0-9]*/stat')
    {
        open my $in, '<', $stat or next;
        my $line = <$in>;
        push @pids, $1 if defined $line && $line =~ /^(\d+) \(.*\) \S (\d+) /s && $2 == $postmaster;
    }
    return @pids;
}

# Is this process more than a zombie, which it stays where nobody collects the dead?
sub lives
{
    my ($pid) = @_;
    open my $in, '<', "/proc/$pid/stat" or return 0;
    my $line = <$in>;
    return defined $line && $line !~ /^\d+ \(.*\) [ZX] /s;
}

# Kills them all and says how many there were. A new server would take a zombie for the old one.
sub kill_server
{
    my ($node) = @_;
    my ($postmaster) = slurp_file($node->data_dir . '/postmaster.pid') =~ /^(\d+)/;
    kill 'STOP', $postmaster;    # so that it starts nothing that would be missed
    my @pids = processes($postmaster);
    $node->kill9;
    kill 'KILL', @pids[ 1 .. $#pids ];
    my $deadline = time + 20;
    while (grep { lives($_) } @pids)
    {
        die "the server does not die\n" if time > $deadline;
        sleep 0.05;
    }
    unlink $node->data_dir . '/postmaster.pid', $node->host . '/.s.PGSQL.' . $node->port . '.lock' if kill 0, $postmaster;
    return scalar @pids;
}

1;
