# Reads C and SQL sources for check_floors.pl: comments, strings and words with
# the lines they stand in.
package SourceText;
use strict;
use warnings;

# Calls whose strings are read by people: a name in them is advice, not a use.
my $said = qr{^(?:err(?:msg|detail|hint|context)(?:_\w+)?|elog|refuse|refusal_(?:detail|hint)|Define\w+Variable)$};

# The pieces of a text as [kind, text, line], kind being what the named group
# of $pattern is called that matched. What no group matched is left out.
sub pieces
{
    my ($text, $pattern) = @_;
    my ($line, @pieces) = (1);
    while ($text =~ /\G$pattern/gc)
    {
        my ($kind) = grep { defined $+{$_} } qw(comment string word mark);
        push @pieces, [ $kind, $+{$kind}, $line ] if $kind;
        $line += ($& =~ tr/\n//);
    }
    return @pieces;
}

my $c = qr{(?<comment>/\*.*?\*/|//[^\n]*)
          |"(?<string>(?:[^"\\\n]|\\.)*)"
          |'(?:[^'\\\n]|\\.)*'
          |(?<word>[A-Za-z_]\w*)
          |(?<mark>[()])
          |.}xs;

# Of C: what it includes, and its comments, words and strings, each as [text,
# line, is it handed to a function]; of the strings only those that no person
# reads.
sub read_c
{
    my ($text) = @_;
    my %found = map { $_ => [] } qw(includes comments words strings);
    my ($word, @calls) = ('');
    for my $piece (pieces($text, $c))
    {
        my ($kind, $what, $line) = @$piece;
        push @{ $found{comments} }, [ $what, $line ] if $kind eq 'comment';
        push @{ $found{words} }, [ $what, $line ] if $kind eq 'word';
        push @{ $found{$word eq 'include' ? 'includes' : 'strings'} }, [ $what, $line, @calls > 0 ]
          if $kind eq 'string' && !grep { $_ =~ $said } @calls;
        push @calls, $word if $kind eq 'mark' && $what eq '(';
        pop @calls if $kind eq 'mark' && $what eq ')';
        $word = $kind eq 'word' ? $what : '' if $kind ne 'comment';
    }
    return \%found;
}

my $sql = qr{(?<comment>--[^\n]*|/\*.*?\*/)
            |'(?<string>(?:[^']|'')*)'
            |(?<word>@?[A-Za-z_]\w*@?(?:\.[A-Za-z_]\w*)?)
            |(?<mark>;)
            |.}xs;

# Of SQL: its comments, what it creates and of which kind, the C functions that
# it declares and by which name, and all names and strings but those that people
# read, each as [text, line].
sub read_sql
{
    my ($text) = @_;
    my %found = map { $_ => [] } qw(comments creates declares names);
    my ($statement, $declares) = ('', 0);
    for my $piece (pieces($text, $sql))
    {
        my ($kind, $what, $line) = @$piece;
        if ($kind eq 'comment') { push @{ $found{comments} }, [ $what, $line ] }
        elsif ($kind eq 'mark') { $statement = '' }
        elsif ($kind eq 'string')
        {
            if ($what eq 'MODULE_PATHNAME') { $declares = 1; next }
            if ($declares) { push @{ $found{declares} }, [ $what, $line, $found{creates}[-1][0] ] }
            elsif ($statement !~ /^COMMENT ON|\b(?:RAISE|HINT|DETAIL|MESSAGE)\b/) { push @{ $found{names} }, [ $what, $line ] }
        }
        else
        {
            push @{ $found{creates} }, [ $what, $line, $1 ]
              if $statement =~ /(?:^| )CREATE (?:OR REPLACE )?(TABLE|VIEW|FUNCTION|AGGREGATE|PROCEDURE|SEQUENCE|TYPE)$/;
            push @{ $found{names} }, [ $what, $line ];
            $statement .= ($statement eq '' ? '' : ' ') . $what;
        }
        $declares = 0;
    }
    return \%found;
}

1;
