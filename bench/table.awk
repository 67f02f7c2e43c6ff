# The rows of the table, from the measurements (first file) and the list of rows.
function sort_values(a, n,    i, j, v) {
    for (i = 2; i <= n; i++) {
        v = a[i]
        for (j = i - 1; j >= 1 && a[j] > v; j--)
            a[j + 1] = a[j]
        a[j + 1] = v
    }
}
function median(a, n) {
    sort_values(a, n)
    return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2
}
function number(v) {
    return v < 10 ? sprintf("%.2f", v) : sprintf("%d", v + 0.5)
}

NR == FNR { values[$1, ++count[$1]] = $2 + 0; next }
!count[$1] { next }
{
    n = count[$1]
    for (i = 1; i <= n; i++)
        a[i] = values[$1, i]
    m = median(a, n)
    spread = n > 1 ? number(a[1]) " - " number(a[n]) : ""
    ratios = ""
    for (f = 3; f <= NF; f++) {
        at = index($f, "=")
        reference = substr($f, at + 1)
        k = n < count[reference] ? n : count[reference]
        if (k == 0)
            continue
        for (i = 1; i <= k; i++)
            a[i] = values[$1, i] / values[reference, i]
        ratios = ratios (ratios ? ", " : "") sprintf("%.2f x %s", median(a, k), substr($f, 1, at - 1))
    }
    split($1, part, "/")
    printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", part[1], part[2], part[3], part[4], number(m), $2, spread, ratios
}
