#!/usr/bin/env perl
# Brings a document up to date with the extension: runs its psql sessions
# (PsqlTranscript.pm) and writes what they print into it, and the tables of the
# views' columns (ViewTables.pm) and of all functions (Reference.pm). For
# whoever changes a document; read the difference before you keep it.
#
#   test/lib/with_cluster.sh perl test/lib/update_docs.pl README.md
#   test/lib/with_cluster.sh perl test/lib/update_docs.pl doc/reference/*.md
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Temp;
use PsqlTranscript;
use Reference;
use ViewTables;

my @reference = grep { m{^\Q$Reference::directory\E/} } @ARGV;
@ARGV == 1 || @ARGV && @reference == @ARGV or die "usage: $0 document, or $0 $Reference::directory/page.md ...\n";
my $directory = File::Temp->newdir;

sub query
{
    open my $in, '-|:encoding(UTF-8)', 'psql', '-XAt', '-c', $_[0] or die "psql: $!\n";
    my $result = do { local $/; <$in> };
    close $in or die "psql failed\n";
    return $result;
}

sub in_postgres { system('psql', '-Xq', '-d', 'postgres', '-c', $_[0]) == 0 or die "psql failed\n"; return; }

# Before the sessions, which may drop things.
my %table = ViewTables::tables(query($ViewTables::query));
my $help = query($Reference::query);

sub update
{
    my ($file) = @_;
    my $text = ViewTables::replaced(PsqlTranscript::read_document($file), %table);
    my $old = Reference::current_table($text);
    my $new = Reference::table($help);
    $text =~ s/\Q$old\E/$new/ if $old ne '';

    my @parts = PsqlTranscript::parse($text);
    PsqlTranscript::run($directory, ['psql'], PsqlTranscript::statements(@parts));
    open my $out, '>:encoding(UTF-8)', $file or die "$file: $!\n";
    print $out PsqlTranscript::updated(@parts);
    close $out or die "$file: $!\n";
    return;
}

if (@reference)
{
    update($Reference::contents);
    Reference::keep_database(\&in_postgres);
    for my $page (grep { $_ ne $Reference::contents } @reference)
    {
        Reference::copy_database(\&in_postgres);
        update($page);
    }
}
else
{
    update($ARGV[0]);
}
