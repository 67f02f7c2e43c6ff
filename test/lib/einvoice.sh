#!/usr/bin/env bash
# Validates what sg_render_document(..., 'ubl') gives by the official rules of EN 16931 (make check-einvoice).
#
#   make check-einvoice STYLESHEET=/path/to/EN16931-UBL-validation.xslt
#
# The stylesheet (ConnectingEurope/eInvoicing-EN16931, EUPL-1.2) is not in this
# repository; without it nothing is validated, which is said. xslt3 comes by npm.
set -euo pipefail
here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)"

if [ ! -f "${STYLESHEET:-}" ]; then
    echo "check-einvoice: skipped. Give STYLESHEET=.../ubl/xslt/EN16931-UBL-validation.xslt of eInvoicing-EN16931."
    exit 0
fi
STYLESHEET="$(realpath -- "$STYLESHEET")"
work="$here/build/einvoice"
mkdir -p "$work"
rm -f "$work"/*.xml "$work"/*.svrl
[ -x "$work/node_modules/.bin/xslt3" ] || (cd "$work" && npm install --silent --no-save --prefix "$work" xslt3 >/dev/null)
"$here/test/lib/with_cluster.sh" psql -X -q -v ON_ERROR_STOP=1 -v work="$work" -v settled="$here/sql/include/settled.sql" -f "$here/test/lib/einvoice.sql"
"$work/node_modules/.bin/xslt3" "-xsl:$STYLESHEET" "-export:$work/rules.sef.json" -nogo
failed=0
count=0
for document in "$work"/*.xml; do
    "$work/node_modules/.bin/xslt3" "-s:$document" "-xsl:$work/rules.sef.json" "-o:${document%.xml}.svrl"
    grep -q '<svrl:fired-rule' "${document%.xml}.svrl" || { echo "$document: no rule looked at it"; failed=1; }
    if grep -q '<svrl:failed-assert' "${document%.xml}.svrl"; then
        echo "$document:"
        grep -A 2 '<svrl:failed-assert' "${document%.xml}.svrl"
        failed=1
    fi
    count=$((count + 1))
done
echo "check-einvoice: $count documents, $([ "$failed" -eq 0 ] && echo 'no rule is broken' || echo 'see above')"
exit "$failed"
