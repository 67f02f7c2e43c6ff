# The sums of a file in Wh, without the database: an independent second opinion.
# Standard input (-) lists the numbers of the bad lines, the file is the data.
# The last two fields are plain numbers in every good line, whatever comes before.
# Thousandths are added as whole numbers; doubles hold those exactly up to 2^53.
function wh(field,    part, digits) {
    gsub(/["\r]/, "", field)
    if (split(field, part, ".") == 1)
        return part[1] * 1000
    digits = substr(part[2] "000", 1, 3)
    return part[1] * 1000 + digits
}
BEGIN { FS = "," }
FILENAME == "-" { bad[$1] = 1; next }
FNR == 1 || FNR in bad { next }
{ lines++; produced += wh($(NF - 1)); consumed += wh($NF) }
END { printf "%d|%.0f|%.0f\n", lines, produced, consumed }
