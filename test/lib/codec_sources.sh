# shellcheck shell=bash disable=SC2034
# What the codecs of packed days and packed slots are tested with, and what of src/ they are.
sg_day_sources=(test/fuzz/day_fuzz.c test/fuzz/day_holds.c src/metering/{quality,packing,day_codec,day_unpack,day_text}.c)
sg_open_sources=(test/fuzz/open_fuzz.c test/fuzz/open_holds.c src/metering/{quality,packing,open_codec}.c)
