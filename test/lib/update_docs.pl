#!/usr/bin/env perl
# Brings a document up to date with the extension: runs its psql sessions
# (PsqlTranscript.pm) and writes what they print into it, and the tables of the
# views' columns (ViewTables.pm). For whoever changes a document; read the
# difference before you keep it.
#
#   test/lib/with_cluster.sh perl test/lib/update_docs.pl README.md
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Temp;
use PsqlTranscript;
use ViewTables;

@ARGV == 1 or die "usage: $0 document\n";
my ($file) = @ARGV;
my $text = PsqlTranscript::read_document($file);
my $directory = File::Temp->newdir;

# Before the sessions, which may drop things.
open my $in, '-|:encoding(UTF-8)', 'psql', '-XAt', '-c', $ViewTables::query or die "psql: $!\n";
my $columns = do { local $/; <$in> };
close $in or die "psql failed\n";
$text = ViewTables::replaced($text, ViewTables::tables($columns));

my @parts = PsqlTranscript::parse($text);
PsqlTranscript::run($directory, ['psql'], PsqlTranscript::statements(@parts));
$text = PsqlTranscript::updated(@parts);
open my $out, '>:encoding(UTF-8)', $file or die "$file: $!\n";
print $out $text;
close $out or die "$file: $!\n";
