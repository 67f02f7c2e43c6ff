# Numbers the lines of a CSV file for COPY in text format, so that not even a
# line of garbage can stop the load. Runs in the C locale: bytes, not characters.
NR == 1 { sub(/^\357\273\277/, "") }    # byte order mark
{
    sub(/\r$/, "")
    gsub(/\\/, "\\\\\\\\")
    gsub(/\t/, "\\\\t")
    gsub(/\r/, "\\\\r")
    print NR "\t" $0
}
