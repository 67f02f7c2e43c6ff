-- The report page: names, numbers and times as people read them.
--
-- Each of these makes HTML itself, so it escapes what is not its own.  Energy is in kWh, money in the currency, prices in
-- currency per kWh.

CREATE FUNCTION smartgrid.report_name(value text) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- Isolated, so that a name written from right to left does not turn what stands beside it.
    SELECT ROW(COALESCE('<bdi>' || smartgrid.report_escape(value) || '</bdi>', '<span class="quiet">not shown</span>'))::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.report_name(text) IS 'a name of a participant or grid; NULL: not shown';

CREATE FUNCTION smartgrid.report_number(figure numeric, decimals integer) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW(COALESCE(replace(to_char(round(figure, decimals),
                                        CASE WHEN abs(figure) < 999999 THEN 'FM999,990' ELSE 'FM' || repeat('999,', 15) || '990' END
                                        || CASE WHEN decimals > 0 THEN '.' || repeat('0', decimals) ELSE '' END),
                                '-', '&#8722;'),
                        '&#8211;'))::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.report_number(numeric, integer) IS 'a figure with separated thousands; a dash if there is none';

CREATE FUNCTION smartgrid.report_decimals(figure numeric, most integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT least(most, CASE WHEN abs(COALESCE(figure, 0)) >= 1000 THEN 0 WHEN abs(COALESCE(figure, 0)) >= 20 THEN 1 ELSE 2 END);
END;
COMMENT ON FUNCTION smartgrid.report_decimals(numeric, integer)
    IS 'how many decimals suit figures of the size of this one: at most so many, fewer for large ones';

CREATE FUNCTION smartgrid.report_with_unit(figure smartgrid.report_html, unit text) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW((figure).html || '&#160;' || smartgrid.report_escape(unit))::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.report_with_unit(smartgrid.report_html, text) IS 'a figure and its unit, which stay on one line';

CREATE FUNCTION smartgrid.report_range(lowest smartgrid.report_html, highest smartgrid.report_html) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW((lowest).html || '&#160;&#8211; ' || (highest).html)::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.report_range(smartgrid.report_html, smartgrid.report_html) IS 'from one figure to another';

CREATE FUNCTION smartgrid.report_count(figure numeric, singular text, plural text) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_with_unit(smartgrid.report_number(figure, 0), CASE WHEN figure = 1 THEN singular ELSE plural END);
END;
COMMENT ON FUNCTION smartgrid.report_count(numeric, text, text) IS 'a number of things with their name';

CREATE FUNCTION smartgrid.report_percent(figure numeric) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_with_unit(smartgrid.report_number(figure, 1), '%');
END;
COMMENT ON FUNCTION smartgrid.report_percent(numeric) IS 'a share in percent';

CREATE FUNCTION smartgrid.report_energy(kwh numeric, context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_number(kwh, smartgrid.report_decimals(kwh, context.energy_scale));
END;
COMMENT ON FUNCTION smartgrid.report_energy(numeric, smartgrid.report_context) IS 'energy in kWh, without its unit, with decimals that suit it';

CREATE FUNCTION smartgrid.report_kwh(kwh numeric, context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_with_unit(smartgrid.report_energy(kwh, context), 'kWh');
END;
COMMENT ON FUNCTION smartgrid.report_kwh(numeric, smartgrid.report_context) IS 'energy in kWh with its unit';

CREATE FUNCTION smartgrid.report_currency(context smartgrid.report_context) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN context.currency = 'XXX' THEN 'money' ELSE context.currency END;
END;
COMMENT ON FUNCTION smartgrid.report_currency(smartgrid.report_context) IS 'the currency as text; XXX, no currency, is called money';

CREATE FUNCTION smartgrid.report_amount(amount numeric, context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_number(amount, least(context.money_scale, 2));
END;
COMMENT ON FUNCTION smartgrid.report_amount(numeric, smartgrid.report_context) IS 'an amount of the currency, without its code';

CREATE FUNCTION smartgrid.report_money(amount numeric, context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN context.currency = 'XXX' THEN smartgrid.report_amount(amount, context)
                ELSE smartgrid.report_with_unit(smartgrid.report_amount(amount, context), context.currency) END;
END;
COMMENT ON FUNCTION smartgrid.report_money(numeric, smartgrid.report_context) IS 'an amount of the currency with its code';

-- Averages of whole money units are finer than these.
CREATE FUNCTION smartgrid.report_price(price numeric, context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_number(price, least(context.money_scale + 2, 4));
END;
COMMENT ON FUNCTION smartgrid.report_price(numeric, smartgrid.report_context) IS 'an average price in currency per kWh, without that unit';

CREATE FUNCTION smartgrid.report_whole_price(price numeric, context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_number(price, least(context.money_scale, 4));
END;
COMMENT ON FUNCTION smartgrid.report_whole_price(numeric, smartgrid.report_context)
    IS 'a price of whole money units in currency per kWh, without that unit';

CREATE FUNCTION smartgrid.report_figure(figure numeric, unit text, context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE
        WHEN figure IS NULL THEN smartgrid.report_number(NULL, 0)
        WHEN unit = 'kWh' THEN smartgrid.report_kwh(figure, context)
        WHEN unit = context.currency THEN smartgrid.report_money(figure, context)
        WHEN unit = context.currency || '/kWh'
            THEN smartgrid.report_with_unit(smartgrid.report_price(figure, context), smartgrid.report_currency(context) || '/kWh')
        WHEN unit = '%' THEN smartgrid.report_percent(figure)
        ELSE smartgrid.report_with_unit(smartgrid.report_number(figure, smartgrid.report_decimals(figure, 2)), unit) END;
END;
COMMENT ON FUNCTION smartgrid.report_figure(numeric, text, smartgrid.report_context) IS 'a figure in a unit of sg_kpis()';

CREATE FUNCTION smartgrid.report_time(at timestamptz, time_zone text) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW(COALESCE(to_char(at AT TIME ZONE time_zone, 'FMDD Mon YYYY, HH24:MI'), '&#8211;'))::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.report_time(timestamptz, text) IS 'a time in a time zone, to the minute';

CREATE FUNCTION smartgrid.report_period(period tstzrange, time_zone text) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW(CASE
        WHEN b.first <> date_trunc('day', b.first) OR b.until <> date_trunc('day', b.until)
            THEN to_char(b.first, 'FMDD Mon YYYY, HH24:MI') || ' &#8211; ' || to_char(b.until, 'FMDD Mon YYYY, HH24:MI')
        WHEN b.until = b.first + interval '1 day' THEN to_char(b.first, 'FMDay, FMDD FMMonth YYYY')
        WHEN b.first = date_trunc('year', b.first) AND b.until = b.first + interval '1 year' THEN to_char(b.first, 'YYYY')
        WHEN b.first = date_trunc('month', b.first) AND b.until = b.first + interval '1 month' THEN to_char(b.first, 'FMMonth YYYY')
        ELSE to_char(b.first, 'FMDD Mon YYYY') || ' &#8211; ' || to_char(b.until - interval '1 day', 'FMDD Mon YYYY')
    END)::smartgrid.report_html
    FROM (SELECT lower(period) AT TIME ZONE time_zone, upper(period) AT TIME ZONE time_zone) AS b (first, until);
END;
COMMENT ON FUNCTION smartgrid.report_period(tstzrange, text)
    IS 'a bounded period in a time zone; whole days, months and years without their hours';

CREATE FUNCTION smartgrid.report_bucket_label(bucket_start timestamptz, bucket_end timestamptz, bucket interval, time_zone text)
    RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW(CASE WHEN bucket < interval '1 day' THEN to_char(bucket_start AT TIME ZONE time_zone, 'Dy FMDD Mon, HH24:MI') || '&#8211;'
                                                        || to_char(bucket_end AT TIME ZONE time_zone, 'HH24:MI')
                    WHEN bucket < interval '1 month' THEN to_char(bucket_start AT TIME ZONE time_zone, 'Dy FMDD Mon YYYY')
                    WHEN bucket < interval '1 year' THEN to_char(bucket_start AT TIME ZONE time_zone, 'FMMonth YYYY')
                    ELSE to_char(bucket_start AT TIME ZONE time_zone, 'YYYY') END)::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.report_bucket_label(timestamptz, timestamptz, interval, text) IS 'a bucket of a curve in a time zone';

CREATE FUNCTION smartgrid.report_type_word(energy_type text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT upper(left(energy_type, 1)) || replace(substr(energy_type, 2), '-', ' ');
END;
COMMENT ON FUNCTION smartgrid.report_type_word(text) IS 'an energy type as people write it, as text';

CREATE FUNCTION smartgrid.report_kpi_word(kpi text) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW(CASE kpi
        WHEN 'co2_intensity' THEN 'CO<sub>2</sub> intensity'
        WHEN 'price_avg' THEN 'Average price'
        WHEN 'price_low' THEN 'Lowest price'
        WHEN 'price_high' THEN 'Highest price'
        WHEN 'self_consumption' THEN 'Self-consumption'
        WHEN 'self_sufficiency' THEN 'Self-sufficiency'
        WHEN 'round_trip_efficiency' THEN 'Round-trip efficiency'
        ELSE smartgrid.report_escape(upper(left(kpi, 1)) || replace(substr(kpi, 2), '_', ' ')) END)::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.report_kpi_word(text) IS 'a key figure as people write it';
