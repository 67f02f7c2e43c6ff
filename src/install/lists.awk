# Puts what the lists of C have into SQL: the energy types of
# grid/energy_type.def and the kinds of entries of ledger/entry_kind.def.
#
#   awk -f lists.awk src/grid/energy_type.h src/*/*.def script.sql
#
# A line with one of these is there once for each energy type:
#
#   @type@          its column:  natural_gas
#   @type:name@     its name:    natural-gas
#   @type:code@     its code:    6
#   @inner_type@    its column, but only of those that sg_load_curve has among
#                   other columns (ENERGY_TYPES_INNER)
#   @outer_type@    its column, but only of the others, which it has at its end
#
# and these stand for a list of names, a, b, c or a, b or c:
#
#   @types@  @types:or@  @kinds@  @kinds:or@

function list(name, n, before_last,    i, text)
{
	text = name[0]
	for (i = 1; i < n; i++)
		text = text (i == n - 1 ? before_last : ", ") name[i]
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

BEGIN { types = kinds = inner = 0 }

FNR == 1 { is_list = FILENAME ~ /\.(h|def)$/ }

/^#define ENERGY_TYPES_INNER[ \t]/ && is_list { inner = $3 }

is_list && match($0, /^(ENERGY_TYPE|ENTRY_KIND)\([A-Z_]+, "[a-z-]+"/) {
	split(substr($0, RSTART, RLENGTH), part, /[(," ]+/)
	if (part[1] == "ENERGY_TYPE")
	{
		column[types] = tolower(part[2])
		type[types++] = part[3]
	}
	else
		kind[kinds++] = part[3]
}

is_list { next }

{
	if (/@types?(:or)?@|@kinds(:or)?@/)
	{
		$0 = replace($0, "@types@", list(type, types, ", "))
		$0 = replace($0, "@types:or@", list(type, types, " or "))
		$0 = replace($0, "@kinds@", list(kind, kinds, ", "))
		$0 = replace($0, "@kinds:or@", list(kind, kinds, " or "))
	}
	from = /@outer_type@/ ? inner : 0
	to = /@inner_type@/ ? inner : /@type(:name|:code)?@|@outer_type@/ ? types : 1
	for (i = from; i < to; i++)
	{
		line = replace($0, "@type@", column[i])
		line = replace(line, "@inner_type@", column[i])
		line = replace(line, "@outer_type@", column[i])
		line = replace(line, "@type:name@", type[i])
		print replace(line, "@type:code@", i)
	}
}

END {
	if (types < inner || inner == 0 || kinds == 0)
	{
		print "lists.awk: there are not the lists that there should be" > "/dev/stderr"
		exit 1
	}
}
