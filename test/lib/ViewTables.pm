# The tables of the reference that list the columns of a view: they are made of
# the comments in the database, so that both say the same.
package ViewTables;

use strict;
use warnings;

# To be run with psql -At.
our $query = <<'SQL';
SELECT c.relname, a.attname,
       CASE a.atttypid WHEN 'timestamptz'::regtype THEN 'timestamptz' ELSE format_type(a.atttypid, a.atttypmod) END,
       col_description(c.oid, a.attnum)
FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid
     JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e' AND c.relkind = 'v'
      AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'smartgrid')
ORDER BY c.relname, a.attnum
SQL

# The result of the query as tables by the name of the view.
sub tables
{
    my (%table);
    for my $row (split /\n/, $_[0])
    {
        my ($view, $column, $type, $meaning) = split /\|/, $row, 4;
        $table{$view} //= "| column | type | meaning |\n|---|---|---|\n";
        $table{$view} .= "| `$column` | $type | $meaning |\n";
    }
    return %table;
}

# The table in the chapter of a view, as it is in the text.
sub current
{
    my ($text, $view) = @_;
    my ($chapter) = $text =~ /^### \Q$view\E\n(.*?)(?=^##|\z)/ms or return '';
    return $chapter =~ /^((?:\|.*\n)+)/m ? $1 : '';
}

sub replaced
{
    my ($text, %table) = @_;
    for my $view (keys %table)
    {
        my $old = current($text, $view);
        $text =~ s/(^### \Q$view\E\n.*?)\Q$old\E/$1$table{$view}/ms if $old ne '';
    }
    return $text;
}

1;
