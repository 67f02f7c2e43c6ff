# Makes the lines of a CSV file fit for COPY in text format, so that not even a
# line of garbage can stop the load. Runs in the C locale: bytes, not characters.
# (In awk, what a backslash means in a replacement differs between versions.)
# Byte order mark:
1s/^\xef\xbb\xbf//
s/\r$//
s/\\/\\\\/g
s/\t/\\t/g
s/\r/\\r/g
