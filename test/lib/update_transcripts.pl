#!/usr/bin/env perl
# Runs the psql sessions of a document (PsqlTranscript.pm) and writes what they
# print into it. For whoever changes a document; read the difference before you
# keep it.
#
#   test/lib/with_cluster.sh perl test/lib/update_transcripts.pl README.md
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Temp;
use PsqlTranscript;

@ARGV == 1 or die "usage: $0 document\n";
my ($file) = @ARGV;
my @parts = PsqlTranscript::parse(PsqlTranscript::read_document($file));
my $directory = File::Temp->newdir;

PsqlTranscript::run($directory, ['psql'], PsqlTranscript::statements(@parts));
my $text = PsqlTranscript::updated(@parts);
open my $out, '>:encoding(UTF-8)', $file or die "$file: $!\n";
print $out $text;
close $out or die "$file: $!\n";
