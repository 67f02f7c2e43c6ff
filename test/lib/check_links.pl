#!/usr/bin/env perl
# Every relative link in a document (*.md) leads to a file or directory of the
# repository, and every #anchor to a heading, by the names that GitHub and
# GitLab give to headings.
use strict;
use warnings;
use File::Find;
use File::Spec;

my $root = shift or die "usage: $0 directory\n";
my (@documents, %anchors, @wrong);

find(
    {
        no_chdir => 1,
        preprocess => sub { return grep { !/^\.git$|^build$|^node_modules$/ } @_ },
        wanted => sub { push @documents, File::Spec->abs2rel($_, $root) if /\.md$/ && -f },
    },
    $root);

# The text of a document, without what is code: blocks, and words in a line.
sub prose
{
    my ($file) = @_;
    open my $in, '<:encoding(UTF-8)', "$root/$file" or die "$file: $!\n";
    my $text = do { local $/; <$in> };
    $text =~ s/^(?:```|~~~).*?^(?:```|~~~)\s*?$//msg;
    return $text;
}

# The anchors of a document's headings: lower case, without punctuation, with - for a space, and numbered if there are several.
sub anchors_of
{
    my ($file) = @_;
    return $anchors{$file} if $anchors{$file};
    my (%known, %times);
    for my $name (prose($file) =~ /^#{1,6} +(.*?)\s*$/mg)
    {
        $name =~ s/\[([^\]]*)\]\([^)]*\)/$1/g;
        $name = lc $name;
        $name =~ s/[^\w\- ]//g;
        $name =~ tr/ /-/;
        $known{ $times{$name} ? "$name-$times{$name}" : $name } = 1;
        $times{$name}++;
    }
    return $anchors{$file} = \%known;
}

# A path below the root without . and .., or undef if it leads out of it.
sub resolved
{
    my ($from, $to) = @_;
    my @path;
    for my $step (split m{/}, ($from =~ m{^(.*/)} ? $1 : '') . $to)
    {
        next if $step eq '' || $step eq '.';
        if ($step ne '..') { push @path, $step; next; }
        return undef unless @path;
        pop @path;
    }
    return join '/', @path;
}

for my $file (sort @documents)
{
    my $text = prose($file);
    $text =~ s/`[^`\n]*`/code/g;
    for my $link ($text =~ /\]\(([^)\s]*)\)/g, $text =~ /<img src="([^"]*)"/g)
    {
        next if $link =~ /^[a-z][a-z0-9+.-]*:/i;
        my ($to, $anchor) = $link =~ /^([^#]*)(?:#(.*))?$/;
        my $target = $to eq '' ? $file : resolved($file, $to);
        if (!defined $target || !-e "$root/$target")
        {
            push @wrong, "$file: $link: there is no such file";
        }
        elsif (defined $anchor && $target =~ /\.md$/ && !anchors_of($target)->{$anchor})
        {
            push @wrong, "$file: $link: there is no such heading";
        }
    }
}

print scalar(@documents), " documents\n" unless @wrong;
die map { "$_\n" } @wrong if @wrong;
