# The psql sessions in the documents: they are run, so that they stay true.
#
# A block that begins with ```psql is a transcript as psql shows it on a
# terminal. A line that begins with psql's prompt (village=# or village=>; in
# continued lines village-# or village(#, in a transaction village=*#) is input,
# the lines up to the next prompt are its output. All blocks of a document are
# one session, in the order of the document. Blocks of any other kind are not
# run. White space at the end of a line does not count, because editors remove
# it, nor do empty lines at the end of an output.
package PsqlTranscript;

use strict;
use warnings;

my $prompt = qr/^(?<database>[a-z_0-9]+)(?<state>[-=(*!'"\$^]{1,2})(?<right>[#>])(?: (?<input>.*))?$/;

# The document as a list of parts: { text => lines between the statements } and
# { line, database, right, raw => [lines as written], input => text, expected => text }.
sub parse
{
    my ($text) = @_;
    my (@parts, $statement);
    my $inside = 0;
    my $number = 0;

    for my $line (split /\n/, $text)
    {
        $number++;
        my $fence = $line =~ /^```/;
        if ($fence || !$inside)
        {
            $inside = $line eq '```psql' if $fence;
            undef $statement;
            push @parts, { text => '' } unless @parts && exists $parts[-1]{text};
            $parts[-1]{text} .= "$line\n";
        }
        elsif ($line =~ $prompt)
        {
            my %found = %+;
            if ($found{state} =~ /^=/ || !$statement)
            {
                $statement = { line => $number, expected => '', %found, input => '', raw => [] };
                push @parts, $statement;
            }
            push @{ $statement->{raw} }, $line;
            $statement->{input} .= ($found{input} // '') . "\n";
        }
        elsif ($statement)
        {
            $statement->{expected} .= "$line\n";
        }
        else
        {
            die "line $number: a psql block must begin with a prompt\n";
        }
    }
    return @parts;
}

# Output with the white space that does not count taken away.
sub normalized
{
    my ($output) = @_;
    $output =~ s/[ \t]+$//mg;
    $output =~ s/\n*\z//;
    return $output;
}

sub statements { return grep { exists $_->{input} } @_; }

# Runs the statements in one psql session and notes what each printed (actual)
# and in which database and with which rights it ran (actual_prompt).
# The command is psql with the options that lead to the server.
sub run
{
    my ($directory, $psql, @statements) = @_;
    my $mark = '--transcript--';
    my $script = "$directory/transcript.sql";
    my $number = 0;

    open my $out, '>:encoding(UTF-8)', $script or die "$script: $!\n";
    for my $statement (@statements)
    {
        # On a line of its own: what it prints stands before the statement's output.
        print $out "\\echo $mark $number :DBNAME\n$statement->{input}";
        $number++;
    }
    print $out "\\echo $mark $number :DBNAME\n";
    close $out or die "$script: $!\n";

    local $ENV{LC_ALL} = 'C.UTF-8';
    local $ENV{PGCLIENTENCODING} = 'UTF8';
    local $ENV{PAGER} = 'cat';
    # Standard input, not -f: errors then look as they do on a terminal.
    my $command = join ' ', map { quoted($_) } @$psql, '-X';
    open my $in, '-|:encoding(UTF-8)', "$command < " . quoted($script) . ' 2>&1' or die "psql: $!\n";
    my $current = -1;
    while (my $line = <$in>)
    {
        if ($line =~ /^\Q$mark\E (\d+) (\S+)$/)
        {
            $current = $1;
            last if $current == @statements;
            $statements[$current]{actual} = '';
            $statements[$current]{actual_database} = $2;
        }
        elsif ($current >= 0)
        {
            $statements[$current]{actual} .= $line;
        }
        else
        {
            die "psql: $line";
        }
    }
    close $in;
    die "psql ended at statement $current of $number, or a statement is not complete\n" if $current != $number;
    return;
}

sub quoted
{
    my ($word) = @_;
    $word =~ s/'/'\\''/g;
    return "'$word'";
}

# The document as it would have to be written: every output is the actual one.
sub updated
{
    my (@parts) = @_;
    my $text = '';
    for my $i (0 .. $#parts)
    {
        my $part = $parts[$i];
        if (exists $part->{text}) { $text .= $part->{text}; next; }
        my $output = $part->{actual};
        $output =~ s/[ \t]+$//mg;
        # psql leaves a line free after a table; none before the end of the block
        $output = normalized($output) . "\n" if exists $parts[ $i + 1 ]{text} && $output ne '';
        $text .= join('', map { "$_\n" } @{ $part->{raw} }) . $output;
    }
    return $text;
}

sub read_document
{
    my ($file) = @_;
    open my $in, '<:encoding(UTF-8)', $file or die "$file: $!\n";
    local $/;
    return scalar <$in>;
}

1;
