/*-------------------------------------------------------------------------
 *
 * party_keys.c
 *	  What may be said of a party, key by key.
 *
 * A typing error is never a bill without a name: a key that is unknown, and a
 * value of another form, is SG108 with its path.
 *
 *-------------------------------------------------------------------------
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

#include "base/errors.h"
#include "settlement/party_details.h"
#include "store/elevated.h"

#define MAX_LINE_BYTES		1000
#define MAX_TEXT_BYTES		10000
#define MAX_DUE_DAYS		3650
#define MAX_DIGITS			18
#define MAX_PREFIX_BYTES	16
#define RATE_DECIMALS		12
#define IBAN_MIN			15
#define IBAN_MAX			34

/* ISO 3166-1, alpha-2. */
static const char countries[] =
" AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI"
" CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ"
" GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS"
" LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG"
" PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK"
" TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW ";

typedef Refusal *(*ValueCheck) (const char *path, const JsonbValue *value);

/* A key, what its value has to be, and whether it is the issuer's alone. */
typedef struct Key
{
	const char *name;
	ValueCheck	check;
	bool		of_issuer;
} Key;

/* SG108: the value at a path is not what it has to be. */
static Refusal *
refuse_value(const char *path, const char *must)
{
	return refuse(ERRCODE_SG_INVALID_INPUT, "details: %s must be %s", path, must);
}

static char *
string_of(const JsonbValue *value)
{
	return pnstrdup(value->val.string.val, value->val.string.len);
}

/* Has a text a control character that it may not have? */
static bool
has_control(const JsonbValue *value, bool may_break)
{
	for (int i = 0; i < value->val.string.len; i++)
	{
		unsigned char c = (unsigned char) value->val.string.val[i];

		if ((c < ' ' && !(may_break && c == '\n')) || c == 0x7f)
			return true;
	}
	return false;
}

static Refusal *
check_line(const char *path, const JsonbValue *value)
{
	if (value->type != jbvString || value->val.string.len == 0 || value->val.string.len > MAX_LINE_BYTES || has_control(value, false))
		return refuse_value(path, "text of 1 to 1000 bytes without control characters");
	return NULL;
}

static Refusal *
check_text(const char *path, const JsonbValue *value)
{
	if (value->type != jbvString || value->val.string.len > MAX_TEXT_BYTES || has_control(value, true))
		return refuse_value(path, "text of at most 10000 bytes without control characters but line breaks");
	return NULL;
}

/* Is it the code of a country? */
static bool
is_country(const char *code)
{
	return strlen(code) == 2 && strchr(code, ' ') == NULL && strstr(countries, psprintf(" %s ", code)) != NULL;
}

static Refusal *
check_country(const char *path, const JsonbValue *value)
{
	if (value->type != jbvString || !is_country(string_of(value)))
		return refusal_hint(refuse_value(path, "a country"), "Use two capital letters of ISO 3166-1, as AT.");
	return NULL;
}

/* The country's letters, EL for Greece and XI for Northern Ireland among them, and what it numbers by. */
static bool
is_vat_id(const char *id)
{
	size_t		len = strlen(id);
	char	   *country = psprintf("%.2s", id);

	return len >= 4 && len <= 15 && (is_country(country) || strcmp(country, "EL") == 0 || strcmp(country, "XI") == 0) &&
		strspn(id + 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+*") == len - 2;
}

static Refusal *
check_vat_id(const char *path, const JsonbValue *value)
{
	if (value->type != jbvString || !is_vat_id(string_of(value)))
		return refusal_hint(refuse_value(path, "a VAT identification number"),
							"It begins with the two letters of its country and has capital letters and digits only, as ATU12345678.");
	return NULL;
}

/* The account number without blanks, modulo 97, its country and check digits counted last; -1 if it has another form. */
static int
iban_remainder(const char *iban, int len)
{
	int			remainder = 0;

	if (len < IBAN_MIN || len > IBAN_MAX)
		return -1;
	for (int i = 0; i < len; i++)
	{
		int			place = (i + 4) % len;
		char		c = iban[place];

		if (c >= '0' && c <= '9' && place > 1)
			remainder = (remainder * 10 + c - '0') % 97;
		else if (c >= 'A' && c <= 'Z' && place != 2 && place != 3)
			remainder = (remainder * 100 + c - 'A' + 10) % 97;
		else
			return -1;
	}
	return remainder;
}

static Refusal *
check_iban(const char *path, const JsonbValue *value)
{
	char		iban[IBAN_MAX + 1];
	int			len = 0;

	if (value->type == jbvString)
		for (int i = 0; i < value->val.string.len && len <= IBAN_MAX; i++)
			if (value->val.string.val[i] != ' ')
				iban[len++] = value->val.string.val[i];
	if (iban_remainder(iban, len) != 1)
		return refusal_hint(refuse_value(path, "an IBAN"), "Its check digits say that something of it is wrong, or it has another form.");
	return NULL;
}

/* The languages that documents are written in, as people list them; NULL if this is one of them. */
static char *
other_languages(const char *language)
{
	static ElevatedPlan plan = {
		.sql = "SELECT CASE WHEN $1 = ANY (array_agg(l.language)) THEN '' ELSE string_agg(l.language, ', ' ORDER BY l.language) END"
		" FROM smartgrid.document_languages() AS l (language)",
		.nargs = 1,
		.argtypes = {TEXTOID},
	};
	MemoryContext caller = CurrentMemoryContext;
	Elevation	elevation;
	Datum		values[] = {CStringGetTextDatum(language)};
	char	   *others;

	elevated_begin(&elevation);
	elevated_execute(&plan, values, NULL, IN_ACTIVE_SNAPSHOT);
	others = MemoryContextStrdup(caller, TextDatumGetCString(elevated_value(0, 1, TEXTOID)));
	elevated_end(&elevation);
	return *others == '\0' ? NULL : others;
}

static Refusal *
check_language(const char *path, const JsonbValue *value)
{
	char	   *others = value->type == jbvString ? other_languages(string_of(value)) : other_languages("");

	return others == NULL ? NULL : refusal_hint(refuse_value(path, "a language that documents are written in"), "There are: %s.", others);
}

static Refusal *
check_producer_documents(const char *path, const JsonbValue *value)
{
	if (value->type != jbvString || (strcmp(string_of(value), "self_billed") != 0 && strcmp(string_of(value), "statement") != 0))
		return refuse_value(path, "self_billed or statement");
	return NULL;
}

/* Is it a whole number from one to another? */
static bool
is_whole(const JsonbValue *value, int64 least, int64 most)
{
	Datum		number;

	if (value->type != jbvNumeric || numeric_is_nan(value->val.numeric) || numeric_is_inf(value->val.numeric))
		return false;
	number = NumericGetDatum(value->val.numeric);
	return DatumGetInt32(DirectFunctionCall1(numeric_min_scale, number)) == 0 &&
		DatumGetBool(DirectFunctionCall2(numeric_ge, number, DirectFunctionCall1(int8_numeric, Int64GetDatum(least)))) &&
		DatumGetBool(DirectFunctionCall2(numeric_le, number, DirectFunctionCall1(int8_numeric, Int64GetDatum(most))));
}

static Refusal *
check_due_days(const char *path, const JsonbValue *value)
{
	return is_whole(value, 0, MAX_DUE_DAYS) ? NULL : refuse_value(path, "a whole number from 0 to 3650");
}

static Refusal *
check_digits(const char *path, const JsonbValue *value)
{
	return is_whole(value, 1, MAX_DIGITS) ? NULL : refuse_value(path, "a whole number from 1 to 18");
}

static Refusal *
check_start(const char *path, const JsonbValue *value)
{
	return is_whole(value, 1, INT64CONST(1000000000000)) ? NULL : refuse_value(path, "a whole number from 1 to 1000000000000");
}

static Refusal *
check_prefix(const char *path, const JsonbValue *value)
{
	if (value->type != jbvString || value->val.string.len > MAX_PREFIX_BYTES ||
		strspn(string_of(value), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/.") != (size_t) value->val.string.len)
		return refuse_value(path, "at most 16 letters, digits and signs of -_/.");
	return NULL;
}

/* A rate of a standard VAT group. */
static Refusal *
check_rate(const char *path, const JsonbValue *value)
{
	Datum		number;

	if (value->type != jbvNumeric || numeric_is_nan(value->val.numeric) || numeric_is_inf(value->val.numeric))
		return refuse_value(path, "a number of percent");
	number = NumericGetDatum(value->val.numeric);
	if (DatumGetInt32(DirectFunctionCall1(numeric_min_scale, number)) > RATE_DECIMALS ||
		DatumGetBool(DirectFunctionCall2(numeric_lt, number, DirectFunctionCall1(int8_numeric, Int64GetDatum(0)))) ||
		DatumGetBool(DirectFunctionCall2(numeric_gt, number, DirectFunctionCall1(int8_numeric, Int64GetDatum(100)))))
		return refuse_value(path, "from 0 to 100 percent, with at most 12 decimals");
	return NULL;
}

static Refusal *
check_category(const char *path, const JsonbValue *value)
{
	if (value->type != jbvString || value->val.string.len == 0 || strchr(string_of(value), ' ') != NULL ||
		strstr(" S Z E AE O ", psprintf(" %s ", string_of(value))) == NULL)
		return refuse_value(path, "S, Z, E, AE or O");
	return NULL;
}

/* Checks an object's members, by the keys that it may have. */
static Refusal *
check_object(const char *path, JsonbContainer *object, const Key *keys, bool is_issuer)
{
	JsonbIterator *iterator = JsonbIteratorInit(object);
	JsonbIteratorToken token;
	JsonbValue	item;
	Refusal    *refusal = NULL;

	while (refusal == NULL && (token = JsonbIteratorNext(&iterator, &item, true)) != WJB_DONE)
	{
		const Key  *key = keys;
		char	   *name;

		if (token != WJB_KEY)
			continue;
		name = string_of(&item);
		(void) JsonbIteratorNext(&iterator, &item, true);
		while (key->name && strcmp(key->name, name) != 0)
			key++;
		if (key->name == NULL)
			refusal = refuse(ERRCODE_SG_INVALID_INPUT, "details: unknown key %s%s", path, quote_literal_cstr(name));
		else if (key->of_issuer && !is_issuer)
			refusal = refusal_hint(refuse(ERRCODE_SG_INVALID_INPUT, "details: %s%s is a key of the issuer alone", path, name),
								   "The issuer is the party whose participant is NULL.");
		else
			refusal = key->check(psprintf("%s%s", path, name), &item);
	}
	return refusal;
}

static Refusal *
check_members(const char *path, const JsonbValue *value, const Key *keys)
{
	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		return refuse_value(path, "an object");
	return check_object(psprintf("%s.", path), value->val.binary.data, keys, true);
}

static Refusal *
check_prefixes(const char *path, const JsonbValue *value)
{
	static const Key keys[] = {
		{"invoice", check_prefix}, {"self_billed", check_prefix}, {"credit_note", check_prefix},
		{"self_billed_credit_note", check_prefix}, {"statement", check_prefix}, {NULL}
	};

	return check_members(path, value, keys);
}

static Refusal *
check_texts(const char *path, const JsonbValue *value)
{
	static const Key keys[] = {{"before", check_text}, {"after", check_text}, {"footer", check_text}, {NULL}};

	return check_members(path, value, keys);
}

/* A VAT group: a rate above 0 for S, none or 0 for all others. */
static Refusal *
check_vat(const char *path, const JsonbValue *value)
{
	static const Key keys[] = {{"category", check_category}, {"rate", check_rate}, {NULL}};
	Refusal    *refusal = check_members(path, value, keys);
	JsonbValue	buffer;
	JsonbValue *category;
	bool		is_standard;
	bool		has_rate;

	if (refusal)
		return refusal;
	category = getKeyJsonValueFromContainer(value->val.binary.data, "category", strlen("category"), &buffer);
	if (category == NULL)
		return refuse(ERRCODE_SG_INVALID_INPUT, "details: %s.category is missing", path);
	is_standard = strcmp(string_of(category), "S") == 0;
	category = getKeyJsonValueFromContainer(value->val.binary.data, "rate", strlen("rate"), &buffer);
	has_rate = category && DatumGetBool(DirectFunctionCall2(numeric_gt, NumericGetDatum(category->val.numeric),
															DirectFunctionCall1(int8_numeric, Int64GetDatum(0))));
	if (is_standard != has_rate)
		return refuse_value(psprintf("%s.rate", path), is_standard ? "above 0 percent for category S" : "0 or left out for a category other than S");
	return NULL;
}

Refusal *
refuse_party_details(Jsonb *details, bool is_issuer)
{
	static const Key keys[] = {
		{"name", check_line}, {"street", check_line}, {"zip", check_line}, {"city", check_line}, {"country", check_country},
		{"vat_id", check_vat_id}, {"tax_id", check_line}, {"email", check_line}, {"iban", check_iban}, {"language", check_language},
		{"producer_documents", check_producer_documents}, {"vat", check_vat},
		{"due_days", check_due_days, true}, {"prefix", check_prefixes, true}, {"digits", check_digits, true}, {"start", check_start, true},
		{"texts", check_texts, true}, {NULL}
	};

	if (!JB_ROOT_IS_OBJECT(details))
		return refuse(ERRCODE_SG_INVALID_INPUT, "details must be a JSON object");
	return check_object("", &details->root, keys, is_issuer);
}
