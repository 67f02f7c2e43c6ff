#!/usr/bin/env perl
# META.json is what PGXN reads. Its versions must be the control file's, and
# what it points to must be there.
use strict;
use warnings;
use JSON::PP;

my $root = shift or die "usage: $0 directory\n";

sub slurp
{
    my ($file) = @_;
    open my $in, '<', "$root/$file" or die "$file: $!\n";
    local $/;
    return scalar <$in>;
}

my ($version) = slurp('smartgrid.control') =~ /^default_version\s*=\s*'([^']+)'/m
  or die "smartgrid.control names no default_version\n";
my $meta = decode_json(slurp('META.json'));
my $provided = $meta->{provides}{smartgrid} or die "META.json does not provide smartgrid\n";
my @wrong;

push @wrong, "version is $meta->{version}, the control file says $version"
  if $meta->{version} ne $version;
push @wrong, "provides.smartgrid.version is $provided->{version}, the control file says $version"
  if $provided->{version} ne $version;
push @wrong, "a PGXN version has three numbers, not $version"
  if $version !~ /^\d+\.\d+\.\d+$/;
for my $key (qw(name abstract maintainer license meta-spec))
{
    push @wrong, "$key is missing" unless $meta->{$key};
}
for my $file ($provided->{file}, $provided->{docfile})
{
    push @wrong, "$file does not exist" unless -f "$root/$file";
}

die map { "META.json: $_\n" } @wrong if @wrong;
