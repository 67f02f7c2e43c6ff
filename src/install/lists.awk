# Puts what C has as lists into SQL: the energy types (grid/energy_type.def),
# the kinds of ledger entries (ledger/entry_kind.def), the statuses of trades
# (booking/trade_status.def), and the colours of energy types
# (report/energy_colour.def).
#
#   awk -f lists.awk src/grid/energy_type.h src/*/*.def script.sql
#
# A line that says one of these is there once for each energy type:
#
#   @type@          its column       natural_gas
#   @type:name@     its name         natural-gas
#   @type:code@     its code         6
#   @type:light@    its colour on a light page, @type:dark@ on a dark one
#   @inner_type@    its column, of those alone that sg_load_curve has among its
#                   other columns (ENERGY_TYPES_INNER)
#   @outer_type@    its column, of those alone that it has behind them
#
# and so for each kind of entry and each status: @kind:name@, @kind:code@,
# @status:name@, @status:code@.  Besides there are
#
#   @types@  @kinds@  @statuses@            all names:       a, b, c
#   @types:or@  @kinds:or@  @statuses:or@   the same:        a, b or c
#   @types:stacked@                         all types as the report stacks them: a,b,c
#   @shown_kinds@  @shown_kinds:or@         names of kinds as most views show them: reversals are one
#   @kind=trade@  @status=pending@          a code by its name

BEGIN {
	word["ENERGY_TYPE"] = "type"
	word["ENTRY_KIND"] = "kind"
	word["ENTRY_REVERSAL"] = "kind"
	word["TRADE_STATUS"] = "status"
	many["type"] = "types"
	many["kind"] = "kinds"
	many["shown_kind"] = "shown_kinds"
	many["status"] = "statuses"
}

function complain(text)
{
	print "lists.awk: " text > "/dev/stderr"
	failed = 1
}

function all_names(list, before_last,    i, text)
{
	text = name[list, 0]
	for (i = 1; i < n[list]; i++)
		text = text (i == n[list] - 1 ? before_last : ", ") name[list, i]
	return text
}

# gsub() of plain text.
function replace(text, what, by,    place, done)
{
	done = ""
	while ((place = index(text, what)) > 0)
	{
		done = done substr(text, 1, place - 1) by
		text = substr(text, place + length(what))
	}
	return done text
}

function codes_by_name(text, list,    what)
{
	while (match(text, "@" list "=[a-z_-]*@"))
	{
		what = substr(text, RSTART + length(list) + 2, RLENGTH - length(list) - 3)
		if (!((list, what) in code))
			complain("there is no " list " \"" what "\"")
		text = substr(text, 1, RSTART - 1) code[list, what] substr(text, RSTART + RLENGTH)
	}
	return text
}

# The names of all types, from the bottom of the chart up.
function stacked(    i, k, text)
{
	for (i = 1; i <= layers; i++)
		for (k = 0; k < n["type"]; k++)
			if (column["type", k] == layer[i])
				text = text (text == "" ? "" : ",") name["type", k]
	return text
}

# Prints a line once for each of some of a list.
function print_each(text, list, from, to,    i, line)
{
	for (i = from; i < to; i++)
	{
		line = replace(text, "@" list "@", column[list, i])
		line = replace(line, "@inner_" list "@", column[list, i])
		line = replace(line, "@outer_" list "@", column[list, i])
		line = replace(line, "@" list ":name@", name[list, i])
		line = replace(line, "@type:light@", light[column[list, i]])
		line = replace(line, "@type:dark@", dark[column[list, i]])
		print replace(line, "@" list ":code@", i)
	}
}

FNR == 1 { is_list = FILENAME ~ /\.(h|def)$/ }

is_list && /^#define ENERGY_TYPES_INNER[ \t]/ { inner = $3 + 0 }

is_list && match($0, /^[A-Z_]+\([A-Z_]+, "[a-z_-]+"/) {
	split(substr($0, RSTART, RLENGTH), part, /[(," ]+/)
	list = word[part[1]]
	column[list, n[list] + 0] = tolower(part[2])
	name[list, n[list] + 0] = part[3]
	code[list, part[3]] = n[list]++
	if (list == "kind" && part[1] == "ENTRY_KIND")
		name["shown_kind", n["shown_kind"]++] = part[3]
}

is_list && match($0, /^ENERGY_COLOUR\([A-Z_]+, "#[0-9a-f]+", "#[0-9a-f]+"/) {
	split(substr($0, RSTART, RLENGTH), part, /[(," ]+/)
	layer[++layers] = tolower(part[2])
	light[tolower(part[2])] = part[3]
	dark[tolower(part[2])] = part[4]
}

is_list { next }

!reversals_shown { name["shown_kind", n["shown_kind"]++] = "reversal"; reversals_shown = 1 }

{
	text = $0
	if (text ~ /@types:stacked@/)
		text = replace(text, "@types:stacked@", stacked())
	if (text ~ /@(types|kinds|shown_kinds|statuses)(:or)?@|@(type|kind|status)=/)
		for (list in many)
		{
			text = replace(text, "@" many[list] "@", all_names(list, ", "))
			text = replace(text, "@" many[list] ":or@", all_names(list, " or "))
			text = codes_by_name(text, list)
		}
	if (text ~ /@inner_type@/)
		print_each(text, "type", 0, inner)
	else if (text ~ /@outer_type@/)
		print_each(text, "type", inner, n["type"])
	else if (text ~ /@type(:name|:code|:light|:dark)?@/)
		print_each(text, "type", 0, n["type"])
	else if (text ~ /@kind:(name|code)@/)
		print_each(text, "kind", 0, n["kind"])
	else if (text ~ /@status:(name|code)@/)
		print_each(text, "status", 0, n["status"])
	else
		print text
}

END {
	for (i = 0; i < n["type"]; i++)
		if (!(column["type", i] in light))
			complain("energy type \"" name["type", i] "\" has no colour in report/energy_colour.def")
	if (inner == 0 || n["type"] < inner || n["kind"] == 0 || n["status"] == 0)
		complain("there are not the lists that there should be")
	exit failed
}
