#!/usr/bin/env perl
# Holds the sources to the rules of the house (make check-static): src/floors
# says which floor may use which, and doc/development.md what else there is to
# keep. check_floors_finds.pl tests that each kind of violation is found.
#
#   test/lib/check_floors.pl directory
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Find;
use SourceText;

my $longest = 400;    # lines of a file
my $postgres = qr{^(?:c\.h|miscnodes\.h|ri_triggers\.c|simplehash\.h)$};    # files of the server that comments cite

my $root = shift or die "usage: $0 directory\n";
chdir $root or die "$root: $!\n";

my @wrong;
my (%may, %excused);           # of src/floors: floor => {other => 1}; "file check" => {what => line}
my %owner;                     # object => [floor, file that creates it]
my %tables;                    # floor => {name of a table that it creates => 1}
my (%declared, %public);       # C function => files that declare it; is it one that people call?
my (%text, %c, %sql);          # by path: the whole text, and what SourceText found in it
my (%headings, %file, %named);    # of documents; every path there is; every file name there is

# Says what is wrong where; the same of one file once.
my %said;

sub wrong
{
    my ($where, $line, $what) = @_;
    push @wrong, $line ? "$where:$line: $what" : "$where: $what" unless $said{"$where $what"}++;
}

# Is this excused?  What is excused and never met is wrong itself.
my %met;

sub excused
{
    my ($path, $check, $what) = @_;
    my $key = ($path =~ s{^src/}{}r) . " $check";
    return 0 unless exists $excused{$key}{$what};
    $met{$key}{$what} = 1;
    return 1;
}

# ---- reading ----

sub slurp
{
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!\n";
    local $/;
    return scalar <$in>;
}

sub find_files
{
    find({ no_chdir => 1, wanted => sub {
        $File::Find::prune = 1 if m{/(?:\.git|build)$};
        return unless -f;
        my $path = s{^\./}{}r;
        $file{$path} = 1;
        $named{ $path =~ s{.*/}{}r }++;
    } }, '.');
}

# The floor of a path, '' for what is above all or for all.
sub floor_of
{
    my ($path) = @_;
    return $path =~ m{^src/(\w+)/} && $1 ne 'install' && $1 ne 'updates' ? $1 : '';
}

sub read_floors
{
    my $line = 0;
    for (split /\n/, $text{'src/floors'})
    {
        $line++;
        next if /^\s*(?:#|$)/;
        if (/^except (\S+) (\w+)((?: [^\s:]+)*): \S/)
        {
            $excused{"$1 $2"}{$_} = $line for split ' ', $3 || ' -';
            wrong('src/floors', $line, "there is no file src/$1") unless $file{"src/$1"};
        }
        elsif (/^(\w+):((?: \w+)*)$/) { $may{$1} = { map { $_ => 1 } split ' ', $2 } }
        else { wrong('src/floors', $line, 'neither a floor nor an exception with its reason') }
    }
}

sub read_sources
{
    for my $path (sort grep { m{^src/} && !m{^src/updates/} } keys %file)
    {
        $text{$path} = slurp($path);
        $c{$path} = SourceText::read_c($text{$path}) if $path =~ /\.(?:[ch]|def)$/;
        $sql{$path} = SourceText::read_sql($text{$path}) if $path =~ /\.sql$/;
    }
    for my $path (sort keys %sql)
    {
        for (@{ $sql{$path}{creates} })
        {
            my ($name, $line) = ($_->[0] =~ s/^\@extschema\@\.//r, $_->[1]);
            my $other = $owner{$name};
            wrong($path, $line, "$name is created in $other->[1], too")
              if $other && $other->[0] ne floor_of($path);
            $owner{$name} = [ floor_of($path), $path ];
            $tables{ floor_of($path) }{ $name =~ s/^smartgrid\.//r } = 1 if $_->[2] eq 'TABLE';
        }
        for (@{ $sql{$path}{declares} })
        {
            my ($function, $line, $name) = @$_;
            $declared{$function}{$path} = $line;
            $public{$function} = 1 if $name =~ /^\@extschema\@/;
        }
    }
}

# The headings of a document as they are linked to, and as they read.
sub headings
{
    my ($path) = @_;
    return $headings{$path} //= do
    {
        my ($fenced, @read) = (0);
        for (split /\n/, slurp($path))
        {
            $fenced = !$fenced if /^```/;
            push @read, $1 =~ tr/`//dr if !$fenced && /^#+ +(.*?)\s*$/;
        }
        { read => \@read, link => { map { lc($_) =~ s/[^\w\s-]//gr =~ s/\s/-/gr => 1 } @read } };
    };
}

# ---- which floor uses which ----

sub check_graph
{
    my %there = map { m{^src/(\w+)/} ? ($1 => 1) : () } grep { floor_of($_) } keys %file;
    wrong('src/floors', 0, "floor $_ has no line") for grep { !$may{$_} } sort keys %there;
    wrong('src/floors', 0, "there is no floor $_") for grep { !$there{$_} } sort keys %may;
    my (%done, @path);
    my $visit;
    $visit = sub {
        my ($floor) = @_;
        return if $done{$floor};
        return wrong('src/floors', 0, 'a circle: ' . join(' uses ', @path, $floor)) if grep { $_ eq $floor } @path;
        push @path, $floor;
        $visit->($_) for sort keys %{ $may{$floor} // {} };
        pop @path;
        $done{$floor} = 1;
    };
    $visit->($_) for sort keys %may;
}

# Does this place use what belongs to a floor that it may not use?
sub check_use
{
    my ($path, $line, $what, $used) = @_;
    my $floor = floor_of($path);
    return if $floor eq '' || $used eq $floor || $may{$floor}{$used};
    return if excused($path, 'uses', $used);
    wrong($path, $line, "$what is of " . ($used eq '' ? 'what stands above all floors' : "floor $used") . ", which $floor may not use");
}

sub check_includes
{
    my ($path) = @_;
    for (@{ $c{$path}{includes} })
    {
        my ($name, $line) = @$_;
        if ($name =~ m{^(\w+)/} && $may{$1})
        {
            wrong($path, $line, "there is no src/$name") unless $file{"src/$name"};
            check_use($path, $line, "\"$name\"", $1);
        }
        elsif ($name !~ m{/} && grep { m{^src/\w+/\Q$name\E$} } keys %file)
        {
            wrong($path, $line, "\"$name\" is included without its floor");
        }
    }
}

# The table that a name of store/tables.h is about, undef for any other name.
sub table_of
{
    my ($word) = @_;
    return undef if $word =~ /^(?:TABLE|INDEX|SEQUENCE)_COUNT$/;
    my $name = $word =~ /^(?:TABLE|SEQUENCE|INDEX|Natts|Anum)_(\w+)$/ ? lc $1
        : $word =~ /^Form((?:[A-Z][a-z]+)+)$/ ? lc($1 =~ s/(?<=.)(?=[A-Z])/_/gr)
        : return undef;
    for (my $table = $name; $table; $table = $table =~ /(.*)_/ ? $1 : '')
    {
        return "smartgrid.$table" if $owner{"smartgrid.$table"};
    }
    return undef;
}

# The objects of the extension that a string names as SQL, or all of it if a function gets it to look it up.
sub objects_in
{
    my ($string, $handed) = @_;
    return grep { $owner{$_} } $string =~ /\b(smartgrid\.\w+|sg_\w+)/g,
        $handed && $string =~ /^[a-z]+_\w+$/ ? "smartgrid.$string" : ();
}

sub check_c_uses
{
    my ($path) = @_;
    check_includes($path);
    for (@{ $c{$path}{words} })
    {
        wrong($path, $_->[1], 'declares by itself what a header should declare') if $_->[0] eq 'extern' && $path =~ /\.c$/;
        my $table = table_of($_->[0]);
        check_use($path, $_->[1], $_->[0], $owner{$table}[0]) if $table;
    }
    for my $string (@{ $c{$path}{strings} })
    {
        check_use($path, $string->[1], $_, $owner{$_}[0]) for objects_in(@$string[0, 2]);
    }
}

sub check_sql_uses
{
    my ($path) = @_;
    for my $name (@{ $sql{$path}{names} })
    {
        my @objects = grep { $owner{$_} } $name->[0] =~ s/\@extschema\@\.//gr =~ /\b(smartgrid\.\w+|sg_\w+)/g;
        check_use($path, $name->[1], $_, $owner{$_}[0]) for @objects;
    }
}

# ---- one concept, one word ----

# The .sql part of a C file: of its name, or of what its name begins with.
sub part_of
{
    my ($path) = @_;
    for (my $word = $path =~ s/\.c$//r; $word =~ m{/}; $word =~ s/_[^_\/]*$// or last)
    {
        return "$word.sql" if $sql{"$word.sql"};
    }
    return undef;
}

sub has_test
{
    my ($word) = @_;
    return $file{"sql/$word.sql"} || $file{"test/pgtap/$word.sql"} || grep { m{^test/tap/\d+_\Q$word\E\.pl$} } keys %file;
}

sub has_chapter
{
    my ($word) = @_;
    my $said = $word =~ tr/_/ /r;
    return grep { /^\Q$said\E\b/i } map { @{ headings($_)->{read} } } grep { m{^doc/reference/.*\.md$} } keys %file;
}

sub check_concept
{
    my ($path) = @_;
    my @functions = $text{$path} =~ /^PG_FUNCTION_INFO_V1\((\w+)\);/mg;
    return if $path !~ /\.c$/ || !@functions || floor_of($path) eq '';
    my $part = part_of($path) // $path =~ s/\.c$/.sql/r;
    my $word = $part =~ s{.*/|\.sql$}{}gr;
    for my $function (@functions)
    {
        wrong($path, 0, "$function() is not declared in $part, but in " . (join(', ', sort keys %{ $declared{$function} // {} }) || 'no part'))
          if !$declared{$function}{$part} && !excused($path, 'sql', $function);
    }
    wrong($path, 0, "\"$word\" has no test: sql/$word.sql, test/pgtap/$word.sql or test/tap/..._$word.pl")
      unless has_test($word) || excused($path, 'test', '-');
    wrong($path, 0, "\"$word\" has no chapter in doc/reference/")
      if (grep { $public{$_} } @functions) && !has_chapter($word) && !excused($path, 'chapter', '-');
}

# ---- comments ----

# A word of a comment that looks like a file: ours by path, by path from src/ or by name.
sub is_file
{
    my ($name) = @_;
    return 1 if $file{$name} || $file{"src/$name"};
    return $name !~ m{/} && ($named{$name} || $name =~ $postgres);
}

# English that was corrected again and again: a result "where" something holds, and "ours".
my $odd = qr{(\b(?:NULL|false|true|none|SG1\d\d|[0-9X][0-9A-Z]\d{3}),? where\b|\b(?:of|is|are|not) ours\b|\bof our\b)};

sub check_comment
{
    my ($path, $comment, $first) = @_;
    my $line = $first;
    wrong($path, $line, "says \"$_\", not \"if\" or \"the extension\"") for $comment =~ s{\n[ \t*]*}{ }gr =~ m{$odd}g;
    for (split /\n/, $comment)
    {
        wrong($path, $line, "cites $1, which is not in the repository")
          while m{(\b(?:SPEC|DESIGN|HOUSE|MODELS)\b|\.\./shared)}g;
        while (m{(?<![\w/.*-])(?!\S*--[A-Z]--)([\w.-]+(?:/[\w.-]+)*\.(?:c|h|def|md|sql|pl|pm|sh|py|awk|list))\b(?:#([\w-]+))?}g)
        {
            my ($name, $heading) = ($1, $2);
            if (!is_file($name)) { wrong($path, $line, "cites $name, which does not exist") }
            elsif (defined $heading && !headings($name)->{link}{$heading}) { wrong($path, $line, "cites $name#$heading: no such heading") }
        }
        $line++;
    }
}

# ---- files ----

sub check_length
{
    my ($path) = @_;
    my $lines = ($text{$path} =~ tr/\n//);
    wrong($path, 0, "has $lines lines, of at most $longest") if $lines > $longest && !excused($path, 'length', '-');
}

# What a README says of its floor, compared with what is so.
sub check_readme
{
    my ($floor) = @_;
    my $path = "src/$floor/README.md";
    return wrong("src/$floor", 0, 'has no README.md') unless $file{$path};
    my %so = ('May use' => join(', ', sort keys %{ $may{$floor} }), Tables => join(', ', sort keys %{ $tables{$floor} // {} }));
    for my $what (sort keys %so)
    {
        my ($says) = $text{$path} =~ /^- $what: ([^.;]*)/m;
        $says = join ', ', sort grep { !/^(?:none|nothing)$/ } split /,\s*/, $says // '';
        wrong($path, 0, "\"$what\" says \"$says\", it is \"$so{$what}\"") if $says ne $so{$what};
    }
}

sub check_install_list
{
    my (%times, $line);
    for (split /\n/, $text{'src/install.list'})
    {
        $line++;
        s/\s*#.*//;
        next if $_ eq '';
        wrong('src/install.list', $line, "there is no src/$_") unless $sql{"src/$_"};
        wrong('src/install.list', $line, "$_ for the second time") if $times{$_}++;
    }
    wrong('src/install.list', 0, "does not name $_") for grep { !$times{ s{^src/}{}r } } sort keys %sql;
}

find_files();
$text{'src/floors'} = slurp('src/floors');
read_floors();
read_sources();
check_graph();
for my $path (sort keys %c)
{
    check_c_uses($path);
    check_concept($path);
    check_comment($path, @$_) for @{ $c{$path}{comments} };
    check_length($path);
}
for my $path (sort keys %sql)
{
    check_sql_uses($path);
    check_comment($path, @$_) for @{ $sql{$path}{comments} };
    check_length($path);
}
check_comment($_, $text{$_}, 1) for grep { /\.md$|^src\/floors$/ } sort keys %text;
check_comment('src/install.list', $text{'src/install.list'} =~ s/^[^#\n]*//mgr, 1);
check_install_list();
check_readme($_) for sort keys %may;
for my $key (sort keys %excused)
{
    wrong('src/floors', $excused{$key}{$_}, "nothing to except: $key $_") for grep { !$met{$key}{$_} } sort keys %{ $excused{$key} };
}
die map { "$_\n" } @wrong if @wrong;
