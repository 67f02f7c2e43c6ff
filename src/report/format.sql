-- The report page: names, numbers and times as people read them.
--
-- Each of these makes HTML itself, so it escapes what is not its own.  report_show() is all formats by their names, as
-- templates use them.  Energy is in kWh, money in the currency, prices in currency per kWh.

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

CREATE FUNCTION smartgrid.report_with_unit(figure smartgrid.report_html, unit text) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW((figure).html || COALESCE('&#160;' || smartgrid.report_escape(unit), ''))::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.report_with_unit(smartgrid.report_html, text) IS 'a figure and its unit, which stay on one line; NULL: none';

CREATE FUNCTION smartgrid.report_count(figure bigint, singular text, plural text) RETURNS smartgrid.report_html
    LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT smartgrid.report_with_unit(smartgrid.report_number(figure, 0), CASE WHEN figure = 1 THEN singular ELSE plural END);
END;
COMMENT ON FUNCTION smartgrid.report_count(bigint, text, text) IS 'a number of things with their name';

CREATE FUNCTION smartgrid.report_large(figure smartgrid.report_html) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW(regexp_replace(replace((figure).html, ',', ',<wbr/>'), '&#160;(.*)$', '&#160;<small>\1</small>'))::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.report_large(smartgrid.report_html) IS 'a figure to be written large, which may be broken at its thousands, with its unit smaller';

CREATE FUNCTION smartgrid.report_decimals(figure numeric, most integer) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT least(most, CASE WHEN abs(COALESCE(figure, 0)) >= 1000 THEN 0 WHEN abs(COALESCE(figure, 0)) >= 20 THEN 1 ELSE 2 END);
END;
COMMENT ON FUNCTION smartgrid.report_decimals(numeric, integer)
    IS 'how many decimals suit figures of the size of this one: at most so many, fewer for large ones';

CREATE FUNCTION smartgrid.report_currency(context smartgrid.report_context) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE WHEN context.currency = 'XXX' THEN 'money' ELSE context.currency END;
END;
COMMENT ON FUNCTION smartgrid.report_currency(smartgrid.report_context) IS 'the currency as text; XXX, no currency, is called money';

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

CREATE FUNCTION smartgrid.report_bar(percent numeric, class text) RETURNS smartgrid.report_html
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT ROW('<svg class="bar" aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none"><rect class="rail" width="100" height="8"/><rect class="'
               || smartgrid.report_escape(class) || '" width="' || trim_scale(round(least(greatest(COALESCE(percent, 0), 0), 100), 1))
               || '" height="8"/></svg>')::smartgrid.report_html;
END;
COMMENT ON FUNCTION smartgrid.report_bar(numeric, text) IS 'a bar for a share in percent; the figure itself stands beside it';

CREATE FUNCTION smartgrid.report_fixed(format text, context smartgrid.report_context) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE format WHEN 'energy2' THEN least(context.energy_scale, 2)
                       WHEN 'energy3' THEN least(context.energy_scale, 3)
                       WHEN 'amount' THEN least(context.money_scale, 2)
                       WHEN 'money' THEN least(context.money_scale, 2)
                       WHEN 'exact' THEN context.money_scale
                       WHEN 'price' THEN least(context.money_scale + 2, 4)
                       WHEN 'whole_price' THEN least(context.money_scale, 4)
                       WHEN 'share' THEN 1
                       WHEN 'percent' THEN 1
                       WHEN 'count' THEN 0
                       ELSE CASE WHEN format ~ '^[0-9]+$' THEN format::integer END END;
END;
COMMENT ON FUNCTION smartgrid.report_fixed(text, smartgrid.report_context) IS 'how many decimals figures in this format have, whatever their size; NULL if that depends';

CREATE FUNCTION smartgrid.report_unit(format text, context smartgrid.report_context) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT CASE format WHEN 'kwh' THEN 'kWh' WHEN 'percent' THEN '%' WHEN 'money' THEN NULLIF(context.currency, 'XXX') END;
END;
COMMENT ON FUNCTION smartgrid.report_unit(text, smartgrid.report_context) IS 'the unit that figures in this format have behind them; NULL: none';

/*
 * A value of a filling in one of these formats:
 *
 *   energy, kwh              kWh without and with the unit, with decimals that suit its size
 *   energy2, energy3         kWh with 2 or 3 decimals, fewer if the grid's scale has fewer
 *   0, 1, 2 ...              a number with so many decimals
 *   amount, money, exact     currency: with 2 decimals, those and its code, all decimals of the scale
 *   price, whole_price       currency per kWh: an average, and one of whole money units
 *   share, percent           percent, without and with the sign
 *   count, plain             a whole number, and one with a decimal if it is none
 *   figure, card             {"value": number, "unit": text}, as sg_kpis() has it; the latter to be written large
 *   bar                      a share in percent drawn in the class that the filling has as "class"
 *   name, time               of a participant or grid; in the grid's time zone
 */
CREATE FUNCTION smartgrid.report_show(value jsonb, format text, filling jsonb, context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    figure numeric;
    decimals integer;
BEGIN
    IF format IN ('name', 'time', 'bar', 'figure', 'card') THEN
        RETURN CASE format
            WHEN 'name' THEN smartgrid.report_name(value #>> '{}')
            WHEN 'time' THEN smartgrid.report_time((value #>> '{}')::timestamptz, context.time_zone)
            WHEN 'bar' THEN smartgrid.report_bar((value #>> '{}')::numeric, filling ->> 'class')
            WHEN 'figure' THEN smartgrid.report_figure((value ->> 'value')::numeric, value ->> 'unit', context)
            ELSE smartgrid.report_large(smartgrid.report_figure((value ->> 'value')::numeric, value ->> 'unit', context)) END;
    END IF;
    figure := value #>> '{}';
    decimals := CASE format WHEN 'energy' THEN smartgrid.report_decimals(figure, context.energy_scale)
                            WHEN 'kwh' THEN smartgrid.report_decimals(figure, context.energy_scale)
                            WHEN 'plain' THEN CASE WHEN figure = trunc(figure) THEN 0 ELSE 1 END
                            ELSE smartgrid.report_fixed(format, context) END;
    IF decimals IS NULL THEN
        RAISE EXCEPTION 'the report has no format "%"', format
            USING ERRCODE = 'invalid_parameter_value', HINT = 'The comment on report_show() has all of them.';
    END IF;
    RETURN smartgrid.report_with_unit(smartgrid.report_number(figure, decimals), smartgrid.report_unit(format, context));
END
$$;
COMMENT ON FUNCTION smartgrid.report_show(jsonb, text, jsonb, smartgrid.report_context)
    IS 'a value of a filling in a format of the report: energy, kwh, energy2, energy3, a number of decimals, amount, money, exact, price, whole_price, share, percent, count, plain, figure, card, bar, name or time';

CREATE FUNCTION smartgrid.report_figure(figure numeric, unit text, context smartgrid.report_context) RETURNS smartgrid.report_html
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    format CONSTANT text := CASE unit WHEN 'kWh' THEN 'kwh' WHEN '%' THEN 'percent' WHEN context.currency THEN 'money' WHEN context.currency || '/kWh' THEN 'price' END;
BEGIN
    RETURN CASE
        WHEN figure IS NULL THEN smartgrid.report_number(NULL, 0)
        WHEN format = 'price'
            THEN smartgrid.report_with_unit(smartgrid.report_number(figure, smartgrid.report_fixed(format, context)), smartgrid.report_currency(context) || '/kWh')
        WHEN format IS NOT NULL THEN smartgrid.report_show(to_jsonb(figure), format, NULL, context)
        ELSE smartgrid.report_with_unit(smartgrid.report_number(figure, smartgrid.report_decimals(figure, 2)), unit) END;
END
$$;
COMMENT ON FUNCTION smartgrid.report_figure(numeric, text, smartgrid.report_context) IS 'a figure in a unit of sg_kpis()';
