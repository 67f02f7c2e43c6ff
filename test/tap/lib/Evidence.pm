# Exports of a grid's ledger, the stand-alone checker over them, and what
# sg_verify_ledger() says.
package Evidence;

use strict;
use warnings;
use Exporter 'import';
use IPC::Run;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(export_commands export_ledger check_export check_proof run_checker unverified verify_rows seal hashes);

my $checker = 'test/clients/check_ledger.py';

# Runs a program of ours in Python; returns its exit status and what it said.
sub run_checker
{
    my (@words) = @_;
    my ($out, $err) = ('', '');
    IPC::Run::run([ 'python3', $checker, @words ], '<', '/dev/null', '>', \$out, '2>', \$err);
    return ($? >> 8, $out . $err);
}

# psql's commands that write ledger.csv and blocks.csv of a grid, as
# doc/evidence.md says. The name is in hexadecimal, because \copy reads one line.
sub export_commands
{
    my ($grid, $dir) = @_;
    my $name = q{convert_from('\x} . unpack('H*', $grid) . q{', 'UTF8')};
    return <<"SQL";
\\copy (SELECT line FROM sg_ledger_lines WHERE grid_id = (SELECT grid_id FROM smartgrid.grid WHERE name = $name) ORDER BY entry_id) TO '$dir/ledger.csv'
\\copy (SELECT height, hash, line FROM sg_blocks WHERE grid = $name ORDER BY height) TO '$dir/blocks.csv' CSV
SQL
}

# The directory with the two files.
sub export_ledger
{
    my ($node, $db, $grid) = @_;
    my $dir = PostgreSQL::Test::Utils::tempdir;
    local $ENV{PGCLIENTENCODING} = 'UTF8';
    my $sql = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n" . export_commands($grid, $dir) . "COMMIT;\n";
    my ($out, $err);
    IPC::Run::run([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr($db), '-f', '-' ], '<', \$sql, '>', \$out, '2>', \$err)
        or die "export of $db failed: $err";
    return $dir;
}

# The checker over an export: its exit status and what it said.
sub check_export
{
    my ($node, $db, $grid, @published) = @_;
    my $dir = export_ledger($node, $db, $grid);
    return run_checker('ledger', "$dir/ledger.csv", "$dir/blocks.csv", map { ('--hash', $_) } @published);
}

sub check_proof
{
    my ($proof, @hashes) = @_;
    my $dir = PostgreSQL::Test::Utils::tempdir;
    open my $out, '>', "$dir/proof.json" or die $!;
    print $out $proof;
    close $out or die $!;
    return run_checker('proof', "$dir/proof.json", @hashes);
}

# Rows that are not ok: height|problem|entry_id|detail.
sub unverified
{
    my ($node, $db, $grid, @further) = @_;
    my $arguments = join ', ', "'" . ($grid =~ s/'/''/gr) . "'", @further;
    return $node->safe_psql($db, "SELECT height, problem, entry_id, detail FROM sg_verify_ledger($arguments) WHERE ok IS NOT TRUE");
}

sub verify_rows
{
    my ($node, $db, $grid, @further) = @_;
    my $arguments = join ', ', "'" . ($grid =~ s/'/''/gr) . "'", @further;
    return $node->safe_psql($db, "SELECT * FROM sg_verify_ledger($arguments)");
}

# Seals and returns the new heights.
sub seal
{
    my ($node, $db, $grid) = @_;
    my $name = $grid =~ s/'/''/gr;
    return $node->safe_psql($db, "SELECT height FROM sg_seal('$name')");
}

# The hashes of a grid's blocks in order.
sub hashes
{
    my ($node, $db, $grid) = @_;
    my $name = $grid =~ s/'/''/gr;
    return split /\n/, $node->safe_psql($db, "SELECT hash FROM sg_blocks WHERE grid = '$name' ORDER BY height");
}

1;
