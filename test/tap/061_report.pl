# The report page in a real browser: headless Chromium draws it, with nothing blocked or fetched, in light and dark, on a
# wide screen and a phone, and prints it. Screenshots stay in build/results.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use Test::More;
use Browser;

my $node = SmartgridCluster->new('main');
$node->init;
$node->start;
$node->create_grid_database('report');
my $results = "$ENV{TESTDIR}/results";
mkdir $results;

# psql reads and writes bytes.
sub sql
{
    my ($statements, @parameters) = @_;
    utf8::encode($_) foreach $statements, @parameters;
    my $answer = $node->safe_psql('report', $statements, extra_params => \@parameters);
    utf8::decode($answer);
    return $answer;
}

# A day of 8 roofs, a mill, a gas engine, a battery and 20 homes, in quarter-hours; from 20:00 to 21:00 an emergency.
sql(<<'SQL');
SELECT sg_create_grid('Sunny & "Windy" <village>', base_price => 2500, energy_scale => 3, money_scale => 4, currency => 'EUR', high_watermark => 70);
ALTER DATABASE report SET smartgrid.grid = 'Sunny & "Windy" <village>';
CREATE ROLE oskar LOGIN IN ROLE smartgrid_operator;
CREATE ROLE "Zoë Λ" LOGIN;
SQL
sql(<<'SQL');
SELECT sg_set_time_zone('Europe/Berlin');
CREATE FUNCTION pg_temp.act(who text, statement text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('smartgrid.principal', who, false);
    EXECUTE statement;
    PERFORM set_config('smartgrid.principal', '', false);
END $$;
SELECT pg_temp.act('roof ' || n, $$SELECT sg_register_producer(1000, 'solar')$$) FROM generate_series(1, 7) AS n;
SELECT pg_temp.act('</script><b>evil</b>', $$SELECT sg_register_producer(1000, 'solar')$$);
SELECT pg_temp.act('mill', $$SELECT sg_register_producer(3000, 'wind')$$);
SELECT pg_temp.act('gas', $$SELECT sg_register_producer(9000, 'natural-gas')$$);
SELECT pg_temp.act('barn', 'SELECT sg_register_storage(80000, 3000, 3000)');
SELECT pg_temp.act('Zoë Λ', 'SELECT sg_register_consumer(2000)');
SELECT pg_temp.act('home ' || n, 'SELECT sg_register_consumer(2000)') FROM generate_series(1, 19) AS n;
CREATE TEMPORARY TABLE quarter AS
SELECT q, sun, wind, need, greatest(0, need - 8 * sun - wind)::bigint AS gas, least(1500, greatest(0, 8 * sun + wind - need))::bigint AS surplus
FROM (SELECT q, round(850 * greatest(0, sin(pi() * (q - 21) / 65)) ^ 1.5)::bigint AS sun, round(900 + 500 * sin(q * 0.09 + 1))::bigint AS wind,
             20 * round(90 + 60 * sin((q - 56) * 0.13) ^ 2 + CASE WHEN q >= 70 THEN 60 ELSE 0 END)::bigint AS need
      FROM generate_series(0, 95) AS q) AS shape;
CREATE TEMPORARY TABLE reading AS
SELECT row_number() OVER (ORDER BY q, place) AS ord, '2026-06-18 00:05+02'::timestamptz + q * interval '15 minutes' AS at, q, principal, kind, amount
FROM (SELECT -1 AS q, 0 AS place, principal, 'topup' AS kind, 200000 AS amount FROM sg_consumers
      UNION ALL SELECT q, 1, principal, 'production', CASE energy_type WHEN 'solar' THEN sun WHEN 'wind' THEN wind ELSE gas END FROM quarter, sg_producers
      UNION ALL SELECT q, 2, 'barn', 'charge', surplus FROM quarter WHERE surplus > 0
      UNION ALL SELECT q, 3, principal, 'consumption', need / 20 FROM quarter, sg_consumers
      UNION ALL SELECT q, 4, 'barn', 'discharge', 900 FROM quarter WHERE q BETWEEN 76 AND 91) AS all_of;
CREATE TEMPORARY TABLE refused (ord integer, sqlstate text, message text);
CREATE FUNCTION pg_temp.post(first integer, last integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO refused
    SELECT p.* FROM (SELECT array_agg(principal ORDER BY ord) AS principals, array_agg(kind ORDER BY ord) AS kinds,
                            array_agg(amount ORDER BY ord) AS amounts, array_agg(at ORDER BY ord) AS at
                     FROM reading WHERE q BETWEEN first AND last) AS r, sg_post_readings(r.principals, r.kinds, r.amounts, r.at) AS p;
END $$;
SELECT pg_temp.post(-1, 79);
SELECT sg_toggle_emergency_mode();
SELECT pg_temp.post(80, 83);
SELECT sg_toggle_emergency_mode();
SELECT pg_temp.post(84, 95);
DO $$ BEGIN IF EXISTS (SELECT FROM refused) THEN RAISE EXCEPTION '%', (SELECT min(message) FROM refused); END IF; END $$;
SELECT pg_temp.act(principal, format('SELECT sg_create_trade(%L, %s, 2300)', 'home ' || n, 100 + 20 * n))
FROM sg_producers CROSS JOIN generate_series(1, 4) AS n WHERE energy_type = 'solar';
SELECT pg_temp.act('</script><b>evil</b>', $$SELECT sg_create_trade('Zoë Λ', 250, 2400)$$);
SELECT pg_temp.act(buyer, format('SELECT sg_complete_trade(%s)', trade_id)) FROM sg_trades WHERE trade_id % 9 > 0;
UPDATE smartgrid.ledger SET at = '2026-06-18 08:00+02'::timestamptz + trade_id % 9 * interval '1 hour' WHERE trade_id > 0;
UPDATE smartgrid.trade SET created_at = '2026-06-18 08:00+02', closed_at = CASE WHEN status = 1 THEN '2026-06-18 09:00+02'::timestamptz ELSE closed_at END;
UPDATE smartgrid.price_event SET at = CASE WHEN emergency_mode THEN '2026-06-18 20:00+02' WHEN event_id = (SELECT max(event_id) FROM smartgrid.price_event)
                                           THEN '2026-06-18 21:00+02' ELSE '2026-06-01 00:00+02' END::timestamptz;
UPDATE smartgrid.capacity_event SET at = '2026-06-01 00:00+02';
SELECT sg_seal();
SQL

# Figures near the greatest that there are.
$node->create_grid_database('enormous');
$node->safe_psql('enormous', <<'SQL');
SELECT sg_alter_grid('default', base_price => 1000000000, max_topup => 9000000000000000000, max_amount => 9223372036854775807);
SET smartgrid.principal = 'dam';
SELECT sg_register_producer(4000000000000000000, 'hydro'), sg_register_storage(4000000000000000000, 4000000000000000000, 1);
SELECT sg_register_consumer(1000000000), sg_add_consumer_balance('dam', 9000000000000000000);
RESET smartgrid.principal;
SELECT * FROM sg_post_readings('{dam,dam,dam}', '{production,charge,consumption}', '{4000000000000000000,1999999999999999999,999999999}',
    ARRAY['2026-06-18 05:00+02', '2026-06-18 06:00+02', '2026-06-18 07:00+02']::timestamptz[]);
SQL

sub report
{
    my ($user, $arguments) = @_;
    return sql("SELECT sg_report($arguments)", '-U', $user);
}

my $day = q{'[2026-06-18 00:00+02, 2026-06-19 00:00+02)'};
my %page = (
    operator => report('oskar', "$day, sg_grid()"),
    grids => report('oskar', $day),
    year => report('oskar', q{'[2026-01-01 00:00+01, 2027-01-01 00:00+01)', sg_grid()}),
    years => report('oskar', q{'[2024-01-01 00:00+01, 2027-01-01 00:00+01)', sg_grid()}),
    enormous => $node->safe_psql('enormous', "SELECT sg_report($day)"),
    empty => report('oskar', q{'[2026-06-10 00:00+02, 2026-06-11 00:00+02)', sg_grid()}),
    member => report('Zoë Λ', $day),
);
my $path = "$results/report.html";
open my $file, '>:utf8', $path or die "$path: $!";
print $file "$page{operator}\n";
close $file;

subtest 'what the browser makes of it' => sub {
    my ($status, $dom, $console) = browse("file://$path", '--dump-dom');
    is($status, 0, 'Chromium opens the page');
    is($console, '', 'nothing is blocked, nothing complains');
    like($dom, qr{<h1><bdi>Sunny &amp; "Windy" &lt;village&gt;</bdi></h1>}, 'its name');
    like($dom, qr{&lt;/script&gt;&lt;b&gt;evil&lt;/b&gt;}, 'a name that would be HTML is text');
    unlike($dom, qr{<script|<b>evil}, 'and only that');
    like($dom, qr{Zoë Λ}, 'names in any script');
    like($dom, qr{Thursday, 18 June 2026}, 'the day');

    # What the checks would say of a page that the policy does not fit.
    (my $changed = $page{operator}) =~ s/--page: #f4f6f8/--page: #ff0000/;
    my ($seen, $complaint) = inspect([[$changed, 1280]]);
    like($complaint, qr/Content Security Policy/, 'a style sheet that was changed is blocked');
    isnt($seen->[0]{background}, 'rgb(255, 0, 0)', 'and has no effect');
    ($changed = $page{operator}) =~ s{</main>}{<img src="http://192.0.2.1/x.png" alt=""><script>document.title = 'run'</script></main>};
    ($seen, $complaint) = inspect([[$changed, 1280]]);
    like($complaint, qr{Loading the image.*violates|Refused to load the image}, 'an image that was planted is not loaded');
    like($complaint, qr{inline script}, 'a script not run');
};

my %view;
my %wanted = (
    operator => { charts => 4, like => 'Participants' }, grids => { charts => 5, like => 'Overview' }, year => { charts => 4, like => '2026' },
    years => { charts => 4, like => 'Evidence' }, enormous => { charts => 4, like => 'Evidence' },
    empty => { charts => 1, like => 'Evidence' }, member => { charts => 2, like => 'Statement of account' });
foreach my $theme (['light', 'rgb(244, 246, 248)'], ['dark', 'rgb(16, 22, 28)', '--blink-settings=preferredColorScheme=0'])
{
    my ($name, $background, @options) = @$theme;
    my @cases = map { my $who = $_; map { [ $who, $_ ] } 1280, 768, 400 } sort keys %page;
    my ($seen, $console) = inspect([ map { [ $page{ $_->[0] }, $_->[1] ] } @cases ], @options);
    is($console, '', "$name: nothing is blocked");
    subtest $name => sub {
        foreach my $n (0 .. $#cases)
        {
            my ($who, $view) = ($cases[$n][0], $seen->[$n]);
            my $what = "$who, $name, $cases[$n][1] pixels";
            $view{$who} = $view;
            is($view->{width}, $cases[$n][1], "$what: its width");
            is($view->{background}, $background, "$what: its colours");
            is_deeply($view->{fetched}, [], "$what: nothing is fetched");
            cmp_ok($view->{scroll_width}, '<=', $view->{width}, "$what: nothing sticks out");
            cmp_ok($view->{contrast}[0], '>=', 4.5, "$what: contrast of text") or diag $view->{contrast}[1];
            is(scalar(@{ $view->{charts} }), $wanted{$who}{charts}, "$what: charts");
            is(scalar(grep { $_ < 200 } @{ $view->{charts} }), 0, "$what: none is too small");
            is(scalar(grep { $_ } @{ $view->{overlapping} }), 0, "$what: no labels overlap");
            is(scalar(grep { $_ } @{ $view->{outside} }), 0, "$what: no label leaves its chart");
            is($view->{empty_paths}, 0, "$what: every line is drawn");
            ok(scalar(grep { $_ eq $wanted{$who}{like} } @{ $view->{headings} }), "$what: chapters") or diag explain $view->{headings};
        }
    };
}

subtest 'figures' => sub {
    my $cards = $view{operator}{cards};
    my $produced = sql(q{SELECT round(sum(energy_kwh), 1) FROM sg_ledger WHERE kind = 'production'});
    my $revenue = sql(q{SELECT round(sum(money_currency), 2) FROM sg_ledger WHERE kind = 'consumption'});
    is($cards->{Produced}, "$produced kWh", 'produced is the sum over the ledger');
    is($cards->{Revenue}, "$revenue EUR", 'and so is the revenue');
    my $used = sql(q{SELECT round(sum(energy_kwh), 2) FROM sg_ledger WHERE kind = 'consumption' AND participant LIKE 'Zo%'
                                                                                                 OR kind = 'trade' AND counterparty LIKE 'Zo%'});
    is($view{member}{cards}{Used}, "$used kWh", 'a member used what it used');
    is_deeply([ sort keys %{ { map { $_ => 1 } grep { !/Sunny/ } @{ $view{member}{names} } } } ], [ '</script><b>evil</b>', 'Zoë Λ' ],
        'and is told of nobody but its partner');
};

subtest 'screenshots and print' => sub {
    foreach my $shot (['report.png', 1280, 3000, '244,246,248'], ['report-dark.png', 1280, 3000, '16,22,28', '--blink-settings=preferredColorScheme=0'],
        ['report-phone.png', 400, 5200, '244,246,248'])
    {
        my ($name, $width, $height, $color, @options) = @$shot;
        browse("file://$path", "--screenshot=$results/$name", "--window-size=$width,$height", @options);
        is_deeply([ first_pixel("$results/$name") ], [ $width, $height, $color ], $name);
    }
    my (undef, undef, $console) = browse("file://$path", "--print-to-pdf=$results/report.pdf", '--no-pdf-header-footer');
    is($console, '', 'it prints');
    open my $pdf, '<:raw', "$results/report.pdf" or die "report.pdf: $!";
    my $bytes = do { local $/; <$pdf> };
    close $pdf;
    like($bytes, qr/\A%PDF-/, 'a PDF file');
    my $pages = () = $bytes =~ m{/Type\s*/Page\b}g;
    cmp_ok($pages, '>=', 2, 'of some pages');
    cmp_ok($pages, '<=', 8, 'but not many');
};

subtest 'what is printed is as wide as the page' => sub {
    my %printed = %page;
    # Names and figures as long as they can be, in every place.
    $printed{widest} = $page{enormous} =~ s{(?<=<td class="n">)[^<]*(?:<wbr/>[^<]*)*(?=</td>)}{9,<wbr/>223,<wbr/>372,<wbr/>036,<wbr/>854,<wbr/>775,<wbr/>807.00}gr;
    $printed{names} = $page{operator} =~ s{(?<=<bdi>)[^<]*}{'W' x 128}ger;
    my @who = sort keys %printed;
    my ($seen, $console) = inspect([ map { printed($printed{$_}) } @who ]);
    is($console, '', 'it is drawn');
    foreach my $n (0 .. $#who)
    {
        my $tables = () = $printed{ $who[$n] } =~ /<table/g;
        is($seen->[$n]{tables}, $tables, "$who[$n]: it has its tables");
        is_deeply($seen->[$n]{wide}, [], "$who[$n]: no table is wider than its place");
        cmp_ok($seen->[$n]{scroll_width}, '<=', $seen->[$n]{width}, "$who[$n]: nothing sticks out of the page");
    }

    # That the tables are seen to stick out if their figures are not broken: without places to break, and without the rule.
    my ($widest) = grep { $who[$_] eq 'widest' } 0 .. $#who;
    my %unbroken = (places => $printed{widest} =~ s/<wbr\/>//gr, rule => $printed{widest} =~ s/td\.n wbr \{ display: inline; \}//r);
    foreach my $without (sort keys %unbroken)
    {
        isnt($unbroken{$without}, $printed{widest}, "the page without the $without to break");
        my ($control) = inspect([ printed($unbroken{$without}) ]);
        is($control->[0]{tables}, $seen->[$widest]{tables}, 'has the same tables');
        cmp_ok(scalar(@{ $control->[0]{wide} }), '>=', 5, 'and most are wider than their place') or diag explain $control->[0];
    }
};

$node->stop;
done_testing();
