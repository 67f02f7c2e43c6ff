#!/usr/bin/env Rscript
# R reads the views (RPostgreSQL) and draws the load curve of a day with 23 hours
# (ggplot2). What it read is compared with what psql shows, digit by digit, and
# what is drawn with what it read.
# needs-apt: r-cran-rpostgresql r-cran-ggplot2 r-cran-png tzdata
# setup: lib/community.sql
suppressPackageStartupMessages({
    library(RPostgreSQL)
    library(ggplot2)
})
Sys.setenv(TZ = "UTC")
scratch <- Sys.getenv("SCRATCH")
chart <- file.path(Sys.getenv("RESULTS"), "load_curve.png")

connection <- dbConnect(PostgreSQL(), host = Sys.getenv("PGHOST"), port = Sys.getenv("PGPORT"),
                        dbname = Sys.getenv("PGDATABASE"), user = "audrey")
invisible(dbGetQuery(connection, "SET TimeZone = 'UTC'"))

# The same query, as texts, by psql.
by_psql <- function(sql) {
    file <- file.path(scratch, "query.csv")
    status <- system2("psql", c("-Xq", "--csv", "-U", "audrey", "-v", "ON_ERROR_STOP=1", "-o", file),
                      input = c("SET TimeZone = 'UTC';", sql))
    stopifnot(status == 0)
    read.csv(file, colClasses = "character")
}

# ---- a day: 29 March 2026 in Berlin, energy by hour and type ----

sql <- paste(readLines(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "lib/day.sql")),
             collapse = "\n")
day <- dbGetQuery(connection, sql)
expected <- by_psql(sql)
stopifnot(nrow(day) > 50, identical(names(day), names(expected)))
# numeric comes as a double, which is exact to some 15 digits
stopifnot(is.double(day$kwh), identical(sprintf("%.3f", day$kwh), expected$kwh))
# timestamptz comes as an instant
stopifnot(inherits(day$hour, "POSIXct"), identical(format(day$hour, "%Y-%m-%d %H:%M:%S+00", tz = "UTC"), expected$hour))
stopifnot(identical(day$what, expected$what))
stopifnot(length(unique(day$hour)) == 23)

day$hour <- as.POSIXct(day$hour, tz = "UTC")
produced <- subset(day, what != "consumed")
consumed <- subset(day, what == "consumed")
last <- consumed[nrow(consumed), ]
last$hour <- last$hour + 3600
consumed <- rbind(consumed, last)       # a step needs an end
plot <- ggplot(produced, aes(hour, kwh)) +
    geom_col(aes(fill = what), width = 3500) +
    geom_step(data = consumed, aes(hour - 1750), linewidth = 1) +
    scale_x_datetime(date_labels = "%H:%M", date_breaks = "3 hours", timezone = "Europe/Berlin") +
    scale_fill_manual(values = c(solar = "#e8b923", wind = "#4a90c2", hydro = "#1f5f8b", biomass = "#6b8e4e")) +
    labs(title = "29 March 2026, a day of 23 hours", subtitle = "produced by type (bars) and consumed (line), kWh an hour",
         x = "Europe/Berlin", y = NULL, fill = NULL) +
    theme_minimal(base_size = 13)
ggsave(chart, plot, width = 9, height = 5, dpi = 100, bg = "white")

# The bars that are drawn are as high as the numbers that were read.
bars <- layer_data(plot, 1)
stopifnot(nrow(bars) == nrow(produced), isTRUE(all.equal(sort(bars$ymax - bars$ymin), sort(produced$kwh))))
# The picture has them: each colour in many pixels.
pixels <- png::readPNG(chart)
stopifnot(identical(dim(pixels)[1:2], c(500L, 900L)))
colours <- table(rgb(pixels[, , 1], pixels[, , 2], pixels[, , 3]))
stopifnot(all(colours[c("#E8B923", "#4A90C2", "#1F5F8B", "#6B8E4E")] > 500))

# ---- what R cannot hold: a bigint becomes a double, and above 2^53 loses its last digit ----

sql <- "SELECT capacity, capacity_kwh, capacity::text AS exact FROM sg_producers WHERE principal = 'reactor'"
reactor <- suppressWarnings(dbGetQuery(connection, sql))
stopifnot(identical(reactor$exact, "9007199254740993"))
stopifnot(identical(sprintf("%.0f", reactor$capacity), "9007199254740992"))
stopifnot(identical(sprintf("%.0f", reactor$capacity_kwh), "9007199254740992"))
stopifnot(identical(by_psql(paste0(sql, ";"))$capacity, "9007199254740993"))

cat(nrow(day), "values read as psql shows them,", chart, file.size(chart), "bytes\n")
invisible(dbDisconnect(connection))
