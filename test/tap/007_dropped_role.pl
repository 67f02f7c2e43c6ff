# The session of a role that was dropped meanwhile gets an error, never a crash
# and never somebody else's account; so does a grid whose operator role is gone.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use PostgreSQL::Test::Utils;
use Test::More;
use GridData;
use GridCalls;
use GridSession;

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->create_grid_database('grid');
fill_roles($node);
fill($node, 'grid');
my @views = views_of_the_extension($node, 'grid');

# Calls everything there is and returns the SQLSTATEs, by function.
sub everything
{
    my ($session) = @_;
    my %state;
    my %readers = (%READERS, %INSPECTORS);
    for my $function (sort keys %readers)
    {
        (undef, $state{$function}) = $session->query("SELECT * FROM $readers{$function}");
    }
    for my $view (@views)
    {
        (undef, $state{$view}) = $session->query("SELECT * FROM $view");
    }
    for my $function (sort keys %WRITERS)
    {
        (undef, $state{$function}) = $session->query("SELECT * FROM $WRITERS{$function}");
    }
    return %state;
}

sub no_internal_error
{
    my ($what, %state) = @_;
    my @bad = map { "$_: $state{$_}" } grep { $state{$_} =~ /^(?:XX|closed|5)/ } sort keys %state;
    is("@bad", '', "$what: no internal error and no crash");
    return;
}

# Acting for a participant needs to know who it is.
my @acting = grep { /^sg_(?:register|report|consume|charge|discharge|create_trade|complete|cancel|withdraw)/ } sort keys %WRITERS;

# ---- the login role ----
$node->safe_psql('grid', 'CREATE ROLE gone LOGIN');
my $login = GridSession->new($node, 'grid', user => 'gone', name => 'gone');
my (undef, $error) = $login->query(q{SELECT sg_register_producer(10, 'solar'), sg_register_consumer(10), sg_report_production(3)});
is($error, '', 'a role registers and reports');
$node->safe_psql('grid', 'DROP ROLE gone');
my %state = everything($login);
no_internal_error('dropped login role', %state);
# A top-up is nobody's in particular: anyone may make it.
is(join(' ', grep { $state{$_} eq '' } sort keys %WRITERS), 'sg_add_consumer_balance(text,bigint)', 'dropped login role: nothing is done for it');
is($login->query('SELECT 1'), '1', 'dropped login role: its session lives');

# A role of the same name gets the account, as the name is the principal; the old session does not.
$node->safe_psql('grid', 'CREATE ROLE gone LOGIN');
(undef, $error) = $login->query('SELECT sg_report_production(1)');
isnt($error, '', 'a new role of the same name does not revive the old session');
is(sqlstate($node, 'grid', 'SELECT sg_report_production(1)', user => 'gone'), '00000', 'but has the account');
$login->quit;

# ---- the role that was switched to ----
$node->safe_psql('grid', 'CREATE ROLE costume; CREATE ROLE actor LOGIN; GRANT costume TO actor');
my $actor = GridSession->new($node, 'grid', user => 'actor', name => 'actor');
$actor->query('SET ROLE costume');
$node->safe_psql('grid', 'DROP ROLE costume');
%state = everything($actor);
no_internal_error('dropped SET ROLE', %state);
is(join(' ', grep { $state{$_} eq '' } sort keys %WRITERS), 'sg_add_consumer_balance(text,bigint)', 'dropped SET ROLE: nothing is done for it');
$actor->query('RESET ROLE');
is($actor->query('SELECT sg_principal()'), 'actor', 'dropped SET ROLE: RESET ROLE brings the session back');
$actor->quit;

# ---- a gateway, and a member of the operator's role ----
$node->safe_psql('grid', 'CREATE ROLE gate LOGIN IN ROLE smartgrid_gateway; CREATE ROLE boss LOGIN IN ROLE smartgrid_operator');
my $gate = GridSession->new($node, 'grid', user => 'gate', name => 'gate');
my $boss = GridSession->new($node, 'grid', user => 'boss', name => 'boss');
$gate->query(q{SET smartgrid.principal = 'anna'});
is($gate->query('SELECT sg_principal(), sg_report_production(0)'), 'anna|t', 'a gateway acts for anna');
is($boss->query('SELECT sg_set_base_price(261)'), 't', 'an operator sets the price');
$node->safe_psql('grid', 'DROP ROLE gate; DROP ROLE boss');
%state = everything($gate);
no_internal_error('dropped gateway', %state);
is(join(' ', grep { $state{$_} eq '' } @acting), '', 'dropped gateway: acts for nobody any more');
%state = everything($boss);
no_internal_error('dropped operator', %state);
my @operators = grep { /^sg_(?:set|toggle|record|update|deactivate|reactivate|rename|balance|create_grid|alter_grid|seal)/ } sort keys %WRITERS;
is(join(' ', grep { $state{$_} eq '' } @operators), '', 'dropped operator: operates nothing any more');
is($node->safe_psql('grid', q{SELECT base_price FROM sg_grids WHERE grid = 'default'}), '261', 'the price is the last one that an operator set');
$_->quit for $gate, $boss;

# ---- revoked membership counts at once ----
$node->safe_psql('grid', 'CREATE ROLE helper LOGIN IN ROLE smartgrid_operator');
my $helper = GridSession->new($node, 'grid', user => 'helper', name => 'helper');
is($helper->query('SELECT sg_set_base_price(262)'), 't', 'a member operates');
$node->safe_psql('grid', 'REVOKE smartgrid_operator FROM helper');
(undef, $error) = $helper->query('SELECT sg_set_base_price(263)');
is($error, 'SG100', 'and no longer after REVOKE, in the same session');
$helper->quit;

# ---- the operator role of a grid ----
$node->safe_psql('grid', 'DROP ROLE otto; DROP ROLE village_operator');
is(sqlstate($node, 'grid', q{SET smartgrid.grid = 'village'; SELECT sg_set_base_price(1)}, user => 'anna'), 'SG100',
    'a grid whose operator role is gone has no other operator');
is(sqlstate($node, 'grid', q{SET smartgrid.grid = 'village'; SELECT sg_set_base_price(33)}, user => 'olga'), '00000',
    'than those of all grids');
is(sqlstate($node, 'grid', 'SELECT * FROM sg_grids', user => 'anna'), '00000', 'everybody can still list the grids');
is(broken_invariants($node, 'grid'), 'village|operator roles that do not exist = 0|1|0|f', 'sg_check() tells that the role is gone');
is(sqlstate($node, 'grid', q{SELECT * FROM sg_check()}, user => 'audrey'), '00000', 'and the auditor check them');
$node->safe_psql('grid', 'CREATE ROLE new_operator; CREATE ROLE nora LOGIN IN ROLE new_operator');
is(sqlstate($node, 'grid', q{SELECT sg_alter_grid('village', operator_role => 'new_operator')}, user => 'olga'), '00000',
    'the grid can be given to another role');
is(sqlstate($node, 'grid', q{SET smartgrid.grid = 'village'; SELECT sg_set_base_price(34)}, user => 'nora'), '00000',
    'which then operates it');
is(broken_invariants($node, 'grid'), '', 'and all invariants hold again');

# ---- the extension's own roles ----
$node->safe_psql('grid', 'DROP ROLE smartgrid_auditor; DROP ROLE smartgrid_gateway; DROP OWNED BY smartgrid_operator; DROP ROLE smartgrid_operator');
is($node->safe_psql('grid', q{SET smartgrid.principal = 'anna'; SELECT sg_report_production(1), sg_set_base_price(35)}), 't|t',
    'without the extension\'s roles a superuser still works');
is(sqlstate($node, 'grid', 'SELECT sg_report_production(1)', user => 'anna'), '00000', 'and so does a participant');
is(sqlstate($node, 'grid', 'SELECT sg_set_base_price(1)', user => 'anna'), 'SG100', 'who is no operator for that');
is(sqlstate($node, 'grid', q{SET smartgrid.principal = 'anna'; SELECT sg_report_production(1)}, user => 'web'), 'SG102',
    'and a former gateway acts for nobody');
is(broken_invariants($node, 'grid'), 'default|operator roles that do not exist = 0|1|0|f', 'sg_check() tells that the role is gone; all else holds');

done_testing();
