# A cluster for TAP tests that finds the extension as it was built, though it is
# not installed. The settings that do it come from check.sh in a file that
# PostgreSQL::Test::Cluster itself reads (TEMP_CONFIG).
#
#   use SmartgridCluster;
#   my $node = SmartgridCluster->new('main');
#   $node->init;                 # parameters as for PostgreSQL::Test::Cluster
#   $node->start;
#   $node->create_grid_database('village');   # database with the extension
#
# The superuser is postgres, whoever runs the server. A cluster without options of
# initdb of its own is a copy of one that is made once (SG_TEMPLATE).
package SmartgridCluster;

use strict;
use warnings;
use FindBin;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils ();

our @ISA = ('PostgreSQL::Test::Cluster');

# PostgreSQL::Test::Utils empties the environment of PG* when it is loaded.
$ENV{PGUSER} = 'postgres';

sub init
{
    my ($self, %params) = @_;
    die "run this test with make check-tap\n" unless $ENV{TEMP_CONFIG};

    my @extra = ('-U', 'postgres', '--encoding=UTF8', '--locale=C.UTF-8');
    push @extra, @{ $params{extra} } if $params{extra};
    local $ENV{PATH} = "$FindBin::RealBin/../lib/initdb_once:$ENV{PATH}"
        if -e ($ENV{SG_TEMPLATE} // '') . '.made' && !$params{extra};
    $self->SUPER::init(%params, extra => \@extra);
    return;
}

sub create_grid_database
{
    my ($self, $name) = @_;
    $self->safe_psql('postgres', qq{CREATE DATABASE "$name"}) if $name ne 'postgres';
    $self->safe_psql($name, 'SET client_min_messages = warning; CREATE EXTENSION smartgrid');
    return;
}

1;
