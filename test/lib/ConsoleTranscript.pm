# The shell sessions in a document: they are run, so that they stay true.
#
# A block that begins with ```console is a transcript of a shell. A line that
# begins with "$ " is a command, with the lines of its here-document; the lines
# up to the next command are its output. All blocks of a document are one
# session, in an empty directory.
#
#   perl -Itest/lib -MConsoleTranscript -e 'ConsoleTranscript::update(@ARGV)' doc/evidence.md test/clients
package ConsoleTranscript;

use strict;
use warnings;
use Cwd 'abs_path';
use File::Temp;

# The document as parts: { text } and { line, command, expected }.
sub parse
{
    my ($text) = @_;
    my (@parts, $command, $terminator);
    my ($inside, $number) = (0, 0);
    for my $line (split /\n/, $text)
    {
        $number++;
        if ($line =~ /^```/ && !defined $terminator)
        {
            $inside = $line eq '```console';
            undef $command;
        }
        elsif ($inside && defined $terminator)
        {
            $command->{command} .= "$line\n";
            undef $terminator if $line eq $terminator;
            next;
        }
        elsif ($inside && $line =~ /^\$ (.*)/)
        {
            $command = { line => $number, command => "$1\n", expected => '' };
            push @parts, $command;
            $terminator = $1 if $line =~ /<<'(\w+)'/;
            next;
        }
        elsif ($command)
        {
            $command->{expected} .= "$line\n";
            next;
        }
        push @parts, { text => '' } unless @parts && exists $parts[-1]{text};
        $parts[-1]{text} .= "$line\n";
    }
    return @parts;
}

sub commands { return grep { exists $_->{command} } @_; }

# Runs the commands in one bash and notes what each printed (actual), with
# further directories in PATH.
sub run
{
    my ($path, @commands) = @_;
    my $directory = File::Temp->newdir;
    my $mark = '--transcript--';
    open my $script, '>', "$directory/script" or die "script: $!\n";
    print $script "exec 2>&1\nmkdir '$directory/work' && cd '$directory/work'\n";
    print $script map { "echo $mark\n$_->{command}" } @commands;
    close $script or die "script: $!\n";
    local $ENV{PATH} = join ':', map({ abs_path($_) } @$path), $ENV{PATH};
    local $ENV{LC_ALL} = 'C.UTF-8';
    open my $in, '-|', 'bash', "$directory/script" or die "bash: $!\n";
    my @output = split /^\Q$mark\E\n/m, do { local $/; <$in> }, -1;
    close $in;
    $commands[$_]{actual} = $output[ $_ + 1 ] // '(not run)' for 0 .. $#commands;
    return;
}

# Writes what the commands print into the document.
sub update
{
    my ($file, @path) = @_;
    open my $in, '<', $file or die "$file: $!\n";
    my @parts = parse(do { local $/; <$in> });
    close $in;
    run(\@path, commands(@parts));
    open my $out, '>', $file or die "$file: $!\n";
    print $out map { exists $_->{text} ? $_->{text} : "\$ $_->{command}$_->{actual}" } @parts;
    close $out or die "$file: $!\n";
    return;
}

1;
