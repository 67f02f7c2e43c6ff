# One psql that stays connected, so that a test can leave a call waiting.
# (PostgreSQL::Test::Cluster's own background_psql changed between 15 and 17.)
#
#   my $s = GridSession->new($node, 'db', user => 'anna', name => 'waiter');
#   my ($out, $error) = $s->query('SELECT ...');   # $error: SQLSTATE or ''
#   $s->send('SELECT ...'); ...; ($out, $error) = $s->receive;
package GridSession;

use strict;
use warnings;
use IPC::Run;
use GridData qw($SQLSTATE);

my $patience = 600;

sub new
{
    my ($class, $node, $db, %how) = @_;
    my $self = bless { in => '', out => '', err => '', sent => 0, alive => 1 }, $class;
    my $name = $how{name} // 'session';
    $self->{handle} = IPC::Run::start(
        [   'psql', '-XAtq', '-v', 'VERBOSITY=sqlstate', '-U', $how{user} // 'postgres',
            '-d', $node->connstr($db) . " application_name=$name", '-f', '-'
        ],
        '<', \$self->{in}, '>', \$self->{out}, '2>', \$self->{err},
        $self->{timer} = IPC::Run::timeout($patience));
    $self->{pid} = $self->query('SELECT pg_backend_pid()');
    die "no connection: $self->{last_error}\n" unless $self->{pid} =~ /^\d+$/;
    return $self;
}

sub pid { return $_[0]->{pid} }
sub alive { return $_[0]->{alive} }

sub send
{
    my ($self, $sql) = @_;
    my $n = ++$self->{sent};
    $self->{in} .= "$sql\n;\n\\echo end $n\n\\warn end $n\n";
    eval { $self->{handle}->pump_nb; 1 } or $self->{alive} = 0;
    return;
}

sub receive
{
    my ($self) = @_;
    my $n = $self->{sent};
    $self->{timer}->start($patience);
    while ($self->{alive} && ($self->{out} !~ /^end $n$/m || $self->{err} !~ /end $n$/m))
    {
        # psql ends when its connection does
        eval { $self->{handle}->pump; 1 } or do
        {
            die $@ if $@ =~ /timeout/;
            $self->{alive} = 0;
        };
    }
    if (!$self->{alive})
    {
        eval { $self->{handle}->finish };
    }
    my ($out, $err) = @$self{qw(out err)};
    $self->{out} = $self->{err} = '';
    s/^(?:psql:\S*\s+)?end \d+\n//mg for $out, $err;
    chomp $out;
    my $state = $err =~ $SQLSTATE ? $1 : $self->{alive} ? '' : 'closed';
    $self->{last_error} = $err;
    return wantarray ? ($out, $state) : $out;
}

sub query
{
    my ($self, $sql) = @_;
    $self->send($sql);
    return $self->receive;
}

# Waits until the session waits for a lock.
sub wait_blocked
{
    my ($self, $node) = @_;
    return $node->poll_query_until('postgres',
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $self->{pid} AND wait_event_type = 'Lock')");
}

# Waits until sg_seal() in the session waits for somebody's transaction.
sub wait_sealing
{
    my ($self, $node) = @_;
    return $node->poll_query_until('postgres', "SELECT wait_event = 'Extension' FROM pg_stat_activity WHERE pid = $self->{pid}");
}

sub quit
{
    my ($self) = @_;
    return unless $self->{alive};
    $self->{in} .= "\\q\n";
    eval { $self->{handle}->finish };
    $self->{alive} = 0;
    return;
}

sub DESTROY
{
    my ($self) = @_;
    local ($@, $?);
    if ($self->{alive})
    {
        eval { $self->{handle}->kill_kill };
    }
    return;
}

1;
