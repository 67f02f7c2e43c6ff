# Reads installation parts statement by statement.
#
#   awk -v root=src -f parts.awk src/updates/smartgrid--A--B.sql
#
# writes the update script with what it takes from the parts (below root) in
# place of these lines, a part's name being written as in install.list:
#
#   -- take: grid/pricing.sql          what can be run again: functions and
#                                       views (replaced) and all comments
#   -- take: grid/x.sql smartgrid.x ... the statements that name one of these
#                                       objects in their first line, of all kinds
#   -- take whole: market/order.sql     everything
#
#   awk -v check=1 -f parts.awk src/*/*.sql
#
# fails if a part has a statement that does not say how things are.

function complain(text)
{
	print (check ? FILENAME : update) ": " text > "/dev/stderr"
	failed = 1
}

# A statement begins in the first column with a word in capitals and ends with
# the line that ends with a semicolon, outside of a body.
function begin_part()
{
	statement = ""
	comment = ""
	quote = ""
	atomic = 0
}

function read_line(line,    tag, last)
{
	if (statement == "")
	{
		if (line ~ /^(--|\/\*| \*)/)
		{
			comment = comment line "\n"
			return
		}
		if (line == "")
		{
			comment = ""
			return
		}
		first = line
	}
	statement = statement line "\n"
	if (quote != "")
	{
		if (!index(line, quote))
			return
		quote = ""
	}
	else if (match(line, /\$[a-z_]*\$/))
	{
		tag = substr(line, RSTART, RLENGTH)
		if (!index(substr(line, RSTART + RLENGTH), tag))
		{
			quote = tag
			return
		}
	}
	if (line ~ /BEGIN ATOMIC/)
		atomic = 1
	last = line
	sub(/ +-- .*$/, "", last)
	if (atomic ? line == "END;" : last ~ /;$/)
	{
		end_statement()
		begin_part()
	}
}

function names(line, object,    place, rest, before)
{
	rest = line
	while ((place = index(rest, object)) > 0)
	{
		before = place > 1 ? substr(rest, place - 1, 1) : ""
		rest = substr(rest, place + length(object))
		if (before !~ /[A-Za-z0-9_]/ && rest !~ /^[A-Za-z0-9_]/)
			return 1
	}
	return 0
}

function is_wanted(    i, found)
{
	if (whole)
		return 1
	if (n_objects == 0)
		return first ~ /^(CREATE (FUNCTION|VIEW) |COMMENT ON |SET |DO )/
	for (i = 1; i <= n_objects; i++)
		if (names(first, objects[i]))
			found = has_named[i] = 1
	return found
}

function end_statement()
{
	if (check)
	{
		if (first !~ /^(CREATE (TABLE|SEQUENCE|(UNIQUE )?INDEX|POLICY|TRIGGER|TYPE|FUNCTION|AGGREGATE|OPERATOR|OPERATOR FAMILY|OPERATOR CLASS|VIEW|SCHEMA) |COMMENT ON |INSERT INTO )/ &&
			first !~ /^ALTER SEQUENCE [^ ]* OWNED BY / &&
			first !~ /^ALTER TABLE [^ ]* (ENABLE ROW LEVEL SECURITY|ENABLE (ALWAYS|REPLICA) TRIGGER [^ ]*|REPLICA IDENTITY .*|ALTER COLUMN [^ ]* SET (STORAGE|STATISTICS) .*);$/ &&
			first !~ /^SELECT pg_catalog\.(brin_desummarize_range|setval)\(/ &&
			!(FILENAME ~ /\/install\// && first ~ /^(SET LOCAL|DO) /))
			complain("a part says how things are; this changes them, or gives rights (install/rights.sql does):\n  " first)
	}
	else if (is_wanted())
	{
		if (!whole && first ~ /^CREATE (FUNCTION|VIEW) /)
			sub(/^CREATE /, "CREATE OR REPLACE ", statement)
		printf "%s%s", comment, statement
		taken++
	}
}

function take(part,    line, status, i)
{
	begin_part()
	taken = 0
	split("", has_named)
	print "-- " part
	while ((status = (getline line < (root "/" part))) > 0)
		read_line(line)
	if (status < 0)
		complain("there is no " root "/" part)
	else if (statement != "")
		complain(part ": the last statement does not end")
	else if (taken == 0)
		complain(part ": there is nothing to take")
	for (i = 1; i <= n_objects; i++)
		if (!has_named[i])
			complain(part " has nothing of " objects[i])
	close(root "/" part)
}

check && FNR == 1 { begin_part() }
check { read_line($0); next }

FNR == 1 { update = FILENAME }

/^-- take( whole)?: [^ ]+\.sql( |$)/ {
	whole = $2 == "take"
	n_objects = 0
	for (i = whole ? 5 : 4; i <= NF; i++)
		objects[++n_objects] = $i
	take(whole ? $4 : $3)
	next
}

/^-- ?take/ { complain("line " FNR ": not understood: " $0) }
{ print }

END {
	if (check && statement != "")
		complain("the last statement does not end")
	exit failed
}
