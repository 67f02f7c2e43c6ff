# Runs against a model of their own: test/lib/settlement_model.py, which is written from the contract alone. Random communities, with changes of all that is
# dated, readings with gaps and both changes of the clock, two half months, and two corrections of each: every line, sum and problem is that of the
# model, and the runs of a period come to what a fresh settlement is. The digest of a run is that of another role and of a database into which the same came
# in another order. SG_SETTLEMENT_ROUNDS: how many communities, SG_SETTLEMENT_SEED: the first of them.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::RealBin/lib";
use SmartgridCluster;
use JSON::PP ();
use PostgreSQL::Test::Utils;
use Test::More;

# What runs do not do right yet is left out, unless SG_SETTLEMENT_ALL is 1: changes of a point that are none of its owner, and owners who come
# back, where there are demand and pieces; demand over participants; what is taken away just when a run ends; tiers with an index that has gaps.
my $all = $ENV{SG_SETTLEMENT_ALL};
my $rounds = $ENV{SG_SETTLEMENT_ROUNDS} // 2;
my $seed = $ENV{SG_SETTLEMENT_SEED} // 1;
my $json = JSON::PP->new->canonical->allow_nonref;

# A generator of its own: the same numbers with every Perl.
my $state;
sub below { $state = ($state * 1103515245 + 12345) % 2147483648; return int($state / 65536) % $_[0] }
sub one_of { return $_[below(scalar @_)] }
sub chance { return below(100) < $_[0] }
sub shuffled { my @from = @_; my @to; push @to, splice(@from, below(scalar @from), 1) while @from; return @to }

my $node = SmartgridCluster->new('main');
$node->init;
$node->append_conf('postgresql.conf', "max_parallel_workers_per_gather = 0\nfsync = off\n");
$node->start;
$node->create_grid_database('empty');

# Local midnights of Berlin, from before the first to after the last month.
my (%midnight, @days);
for my $row (split /\n/, $node->safe_psql('postgres', q{SELECT d::date, extract(epoch FROM d AT TIME ZONE 'Europe/Berlin')::bigint
    FROM generate_series(timestamp '2023-12-01', '2025-02-01', '1 day') AS d}))
{
    my ($day, $time) = split /\|/, $row;
    push @days, $day;
    $midnight{$day} = $time + 0;
}
sub days_of { my ($from, $to) = @_; return grep { $_ ge $from && $_ lt $to } @days }
sub day_after { my ($day) = @_; my ($at) = grep { $days[$_] eq $day } 0 .. $#days; return $days[$at + 1] }

my %months = (february => [qw(2024-01-01 2024-02-01 2024-02-16 2024-03-01)], march => [qw(2024-02-01 2024-03-01 2024-03-16 2024-04-01)],
              october => [qw(2024-09-01 2024-10-01 2024-10-16 2024-11-01)], december => [qw(2024-11-01 2024-12-01 2024-12-16 2025-01-01)]);
my ($before, $first, $middle, $last);    # the days of a round
my ($restless, $newcomers);              # points change otherwise than in their owner; owners that came
my (@steps, %points, %tariffs, @owners, %here, $scale, $calls);

sub call { my ($name, %args) = @_; $here{ $args{owner} } = 1 if $args{owner}; push @steps, [$name, {%args}]; return }

# A time in the months of the round: mostly a midnight, else a whole hour.
sub some_time
{
    my ($from, $to) = @_;
    my @within = grep { $all || $restless || $_ ne $first && $_ ne $middle } days_of($from // $before, $to // $last);
    my $day = one_of(@within);
    return $midnight{$day} + (chance(25) ? 3600 * (1 + below(22)) : 0);
}
sub some_midnight { my ($from, $to) = @_; return $midnight{ one_of(days_of($from // $before, $to // $last)) } }

# ---- Masters ----

sub make_points
{
    @owners = qw(anna bert carl);
    my $n = 0;
    for my $kind (qw(consumption consumption production consumption), (chance(50) ? 'storage' : ()), (chance(30) ? 'exchange' : ()), (chance(50) ? 'production' : ()), (chance(50) ? 'consumption' : ()))
    {
        my $name = sprintf '%s%d', one_of(qw(P Q a)), ++$n;
        my $begin = chance(80) ? $midnight{'2023-12-01'} : some_time($before, $middle);
        my %point = (kind => $kind, begin => $begin, res => [[0, one_of(60, 60, 30, 15)]]);
        $points{$name} = \%point;
        call('sg_set_point', point => $name, valid_from => $begin, kind => $kind, resolution => $point{res}[0][1],
             ($kind eq 'exchange' ? () : (owner => one_of(@owners))), (chance(60) ? (class => one_of(qw(home shop))) : ()));
        if (($all || $restless) && chance(25))
        {
            my $time = some_midnight($first);
            my $minutes = one_of(15, 30, 60);
            if ($time > $begin) { push @{ $point{res} }, [$time, $minutes]; call('sg_set_point', point => $name, valid_from => $time, resolution => $minutes) }
        }
        if (chance(15))
        {
            my $time = some_time($first);
            next if $time <= $begin;
            call('sg_end_point', point => $name, valid_to => $time);
            $point{end} = $time;
        }
    }
    for my $kind (chance(20) ? shuffled(qw(consumption production)) : ())
    {
        my $name = "loss $kind";
        $points{$name} = { kind => $kind, begin => $midnight{$before}, res => [], loss => 1 };
        call('sg_set_point', point => $name, valid_from => $midnight{$before}, kind => $kind, role => 'loss', resolution => one_of(15, 30, 60), (chance(50) ? (owner => 'carl') : ()));
    }
    return;
}

sub change_point
{
    my $name = one_of(sort keys %points);
    my $time = some_time($first);
    my $point = $points{$name};
    return if $time <= $point->{begin} || $point->{end} && $time >= $point->{end};
    my $owner = $all || $restless ? one_of(@owners, 'dora') : 'dora' . ++$newcomers;
    call('sg_set_point', point => $name, valid_from => $time, ($point->{kind} ne 'exchange' && (chance(70) || !$all && !$restless) ? (owner => $owner) : (class => one_of(qw(home shop)))));
    return;
}

sub change_share
{
    my $name = one_of(grep { $points{$_}{kind} ne 'exchange' && !$points{$_}{loss} } sort keys %points);
    my $time = some_time();
    return if $time < $points{$name}{begin} || $points{$name}{end} && $time >= $points{$name}{end};
    my $consumers = grep { $_->{kind} =~ /consumption|storage/ } values %points;
    call('sg_set_share', point => $name, valid_from => $time, (chance(50) ? (factor => one_of(0, 33, 50, 99.5, 100)) : ()),
         ($points{$name}{kind} ne 'production' && chance(60) ? (key => below(int(100 / $consumers))) : ()), (chance(30) ? (priority => 1 + below(3)) : ()));
    return;
}

sub change_model { call('sg_set_allocation', valid_from => some_time(), model => one_of(qw(dynamic static cascade none))); return }

# ---- Tariffs ----

sub price { return one_of(0.151, 0.3333, 0.09, -0.02, 0.123456789, 2, 0, 1.005) }
sub when_some
{
    my %when;
    $when{times} = [one_of('07:00-20:00', '22:00-06:00', '00:00-24:00', '02:00-03:00'), (chance(20) ? '05:00-08:00' : ())] if chance(60);
    $when{days} = [shuffled(1 .. 7)]->@[0 .. 2 + below(3)] && [sort(grep { chance(60) } 1 .. 7), 7] if chance(40);
    $when{holidays} = one_of(qw(as_sunday only ignore)) if chance(30);
    $when{marked} = 'peaks' if chance(20);
    return \%when;
}
sub index_some { return { series => one_of(qw(spot daily)), (chance(50) ? (factor => one_of(1.5, 0.1, -1)) : ()), (chance(30) ? (cap => 0.25) : ()), (chance(30) ? (floor => 0.05) : ()) } }
sub tiers_some { my ($of) = @_; return [{ upto => one_of(1, 2.5, 20), price => price() }, (chance(50) ? { upto => 60, price => price() } : ()), { price => price() }] }

my %make = (
    energy => sub { return (%{ many_kinds() }, priced('energy'), (chance(40) ? (when => when_some()) : ()), (chance(15) ? (round => 'step') : ())) },
    demand => sub {
        my %demand = chance(40) ? (measure => 'mean', n => 1 + below(4), (chance(50) ? (distinct_days => JSON::PP::true()) : ())) : chance(20) ? (at => 'community_peak') : ();
        $demand{interval} = one_of('60 minutes', '1 hour', '15 minutes', '30 minutes', '2 hours', '24 hours') if chance(60) || $demand{at};
        $demand{interval} = '60 minutes' if $demand{at};
        %demand = (%demand, ratchet_percent => one_of(50, 80, 99.5), ratchet_months => one_of(1, 2), (chance(30) ? (ratchet_calendar_months => [1, 2, 9, 11]) : ())) if chance(30);
        my %of = (demand => \%demand);
        $of{kinds} = [qw(production)] if chance(10);
        $of{per} = one_of(qw(day run month year)) if !$demand{ratchet_percent} && chance(30);
        if (chance(25)) { $of{tiers} = [{ upto => 1.5, price => price() }, { price => price() }] } else { $of{price} = price() }
        return (%of, ($all && chance(20) ? (over => 'participant') : ()),
                (chance(30) ? (when => { chance(70) ? (times => ['07:00-20:00']) : (), chance(40) ? (days => [1 .. 5]) : (), chance(20) ? (months => [1, 2, 3, 9, 10]) : () }) : ()));
    },
    point => sub { return (%{ some_classes() }, pieces(), (chance(20) ? (over => 'participant') : ())) },
    participant => sub { return (%{ some_classes() }, pieces()) },
);
$make{$_} = $make{energy} for qw(covered rest);

sub many_kinds
{
    my %of = %{ some_classes() };
    $of{kinds} = one_of([qw(production)], [qw(consumption storage)], [qw(consumption production storage)]) if chance(50);
    $of{pay} = one_of(qw(charge credit)) if chance(20);
    $of{over} = 'participant' if chance(20);
    return \%of;
}
sub some_classes { return { chance(20) ? (classes => [one_of(qw(home shop)), (chance(30) ? 'farm' : ())]) : () } }
sub priced
{
    return (tiers => tiers_some(), ($all && chance(25) ? (index => index_some()) : ()), (chance(50) ? (tier_per => one_of(qw(month day run))) : ())) if chance(30);
    return (index => index_some(), (chance(50) ? (price => price()) : ())) if chance(30);
    return (price => price());
}
sub pieces
{
    my %of = (price => one_of(2.9, 5, 1.111, -1, 12.34));
    $of{per} = one_of(qw(month day year run)) if chance(50);
    $of{prorate} = 'none' if chance(25);
    $of{days_of} = 'period' if chance(15);
    $of{round} = 'step' if chance(10);
    $of{price_digits} = one_of(2, 6) if chance(15);
    $of{index} = { series => 'daily' } if chance(10);
    $of{kinds} = one_of([qw(production)], [qw(consumption storage)]) if chance(15);
    return %of;
}

sub make_component
{
    my ($name) = @_;
    my $of = one_of(qw(energy energy covered rest participant), $all || !$restless ? qw(demand demand point) : ());
    return { name => $name, of => $of, $make{$of}->(), (chance(20) ? (vat => one_of({ category => 'S', rate => 20 }, { category => 'Z' }, { category => 'O' })) : ()) };
}

sub with_percents
{
    my (@components) = @_;
    if (chance(40))
    {
        my @names = map { $_->{name} } @components;
        push @components, { name => 'Discount', of => 'percent', price => one_of(-10, 5, -33.3), on => [(shuffled(@names))[0 .. below(scalar @names)]], (chance(20) ? (pay => 'charge') : ()) };
        push @components, { name => 'Levy', of => 'percent', price => 2.5, on => ['Discount', $names[0]], vat => { category => 'E' } } if chance(40);
    }
    return \@components;
}

# A later version has other prices, lacks one, or has one more.
sub change_tariff
{
    my ($name) = @_;
    my $tariff = $tariffs{$name};
    my @components = map { { %$_ } } @{ $tariff->{components} };
    for my $component (@components)
    {
        $component->{price} = price() if exists $component->{price} && chance(60);
        $component->{tiers} = tiers_some() if $component->{tiers} && chance(60) && $component->{of} ne 'demand';
        $component->{when} = when_some() if $component->{when} && $component->{of} ne 'demand' && chance(30);
    }
    splice @components, below(scalar @components), 1 if @components > 1 && chance(20);
    push @components, make_component('New ' . ++$calls) if chance(20);
    @components = shuffled(@components) if chance(30);
    call('sg_set_tariff', tariff => $name, valid_from => some_midnight($first), components => with_percents(@components), ($tariff->{gross} ? (options => { gross => JSON::PP::true() }) : ()));
    return;
}

sub make_tariffs
{
    for my $name (qw(supply grid))
    {
        my @components = map { make_component("$name $_") } 1 .. 2 + below(4);
        $tariffs{$name} = { components => \@components, gross => chance(20) };
        call('sg_set_tariff', tariff => $name, valid_from => $midnight{'2023-12-01'}, components => with_percents(@components),
             ($tariffs{$name}{gross} ? (options => { gross => JSON::PP::true() }) : ()), ($name eq 'supply' ? (for_all => JSON::PP::true()) : ()));
    }
    return;
}

sub change_assignment
{
    my $tariff = one_of(sort keys %tariffs);
    my $to = below(3);
    my $time = some_time();
    my %whom = $to == 0 ? (point => one_of(grep { $points{$_}{kind} ne 'exchange' || chance(10) } sort keys %points)) : $to == 1 ? (participant => one_of(sort keys %here)) : ();
    return if $whom{point} && ($time < $points{ $whom{point} }{begin} || $points{ $whom{point} }{end} && $time >= $points{ $whom{point} }{end});
    if (chance(30) && $to < 2) { call('sg_unassign_tariff', tariff => $tariff, valid_to => $time, %whom) }
    else { call('sg_assign_tariff', tariff => $tariff, valid_from => $time, %whom, (chance(50) ? (quantity => one_of(2, 3, 0.5)) : ())) }
    return;
}

sub make_series
{
    my ($full) = @_;
    my @hours = grep { $full || chance(97) } map { $_ * 3600 } $midnight{$before} / 3600 .. $midnight{$last} / 3600 - 1;
    call('sg_post_series', series => 'spot', starts => \@hours, values => [map { (below(500) - 50) / 1000 } @hours], step => 3600);
    my @dates = map { $midnight{$_} } grep { $full || chance(95) } days_of($before, $last);
    call('sg_post_series', series => 'daily', starts => \@dates, values => [map { below(5000) / 1000 } @dates], step => 'day');
    my @peaks = grep { chance(70) } @hours;
    call('sg_post_series', series => 'peaks', starts => \@peaks, values => [map { below(2) } @peaks], step => 3600) unless $full && chance(50);
    return;
}

# ---- Readings ----

sub make_readings
{
    my ($from, $to, $percent) = @_;
    my @rows;
    for my $name (sort keys %points)
    {
        my $point = $points{$name};
        next if $point->{loss};
        for my $day (days_of($from, $to))
        {
            my ($start, $stop) = ($midnight{$day}, $midnight{ day_after($day) });
            my ($minutes) = map { $_->[1] } grep { $_->[0] <= $start } reverse @{ $point->{res} };
            for (my $time = $start; $time < $stop; $time += $minutes * 60)
            {
                next if $time < $point->{begin} || $point->{end} && $time >= $point->{end} || !chance($percent);
                my $amount = chance(15) ? 0 : below(3000) * ($scale == 6 ? 997 : 1);
                $amount = -$amount if $point->{kind} =~ /storage|exchange/ && chance(50);
                push @rows, [$name, $time, $amount, chance(96) ? 'measured' : one_of(qw(estimated substituted calculated))];
            }
        }
    }
    push @steps, ['readings', { rows => \@rows }] if @rows;
    return;
}

sub settle
{
    my ($from, $to, $final, @accept) = @_;
    push @steps, ['run', { from => $midnight{$from}, to => $midnight{$to}, final => $final ? JSON::PP::true() : JSON::PP::false(), accept => \@accept }];
    return;
}

my @ALL = qw(measured substituted calculated estimated missing no_tariff no_owner);

# What happens in a community: masters and readings, two half months, changes, corrections, changes, corrections.
sub make_story
{
    ($before, $first, $middle, $last) = @{ $months{ one_of(sort keys %months) } };
    (@steps, %points, %tariffs, %here) = ();
    $scale = one_of(3, 6);
    $restless = chance(40);
    make_points();
    make_series(0);
    make_tariffs();
    change_tariff(one_of(sort keys %tariffs)) for 1 .. below(3);
    change_point() for 1 .. below(4);
    change_share() for 1 .. below(7);
    change_model() for 1 .. below(3);
    call('sg_set_holidays', days => [one_of(days_of($first, $last)), one_of(days_of($first, $last))]);
    make_readings($before, $last, 98);
    change_assignment() for 1 .. below(7);
    settle($first, $last, 0, qw(measured substituted calculated)) if chance(50);
    settle($first, $middle, 0, qw(measured estimated missing no_tariff));
    make_series(1);
    settle($first, $middle, 1, @ALL);
    settle($middle, $last, 1, @ALL);
    for my $again (1, 2)
    {
        change_any() for 1 .. 1 + below(4);
        settle($first, $middle, 1, @ALL);
        settle($middle, $last, 1, @ALL);
    }
    return { zone => 'Europe/Berlin', energy_scale => $scale, money_scale => 2, steps => [@steps] };
}

sub change_any
{
    my $what = below(8);
    return $what == 0 ? change_point() : $what == 1 ? change_share() : $what == 2 ? change_model() : $what == 3 ? change_tariff(one_of(sort keys %tariffs))
        : $what == 4 ? change_assignment() : $what == 5 ? make_series(1) : make_readings($first, $last, 1 + below(5));
}

# ---- The extension ----

sub quoted { my ($text) = @_; return "'" . $text =~ s/'/''/gr . "'" }
sub time_of { return "to_timestamp($_[0])" }
my %argument = (
    valid_from => \&time_of, valid_to => \&time_of, resolution => sub { "'$_[0] minutes'" },
    components => sub { quoted($json->encode($_[0])) . '::jsonb' }, options => sub { quoted($json->encode($_[0])) . '::jsonb' }, for_all => sub { 'true' },
    starts => sub { 'ARRAY[' . join(', ', map { time_of($_) } @{ $_[0] }) . ']::timestamptz[]' }, values => sub { "'{" . join(',', @{ $_[0] }) . "}'" },
    step => sub { $_[0] eq 'day' ? "'1 day'" : "'$_[0] seconds'" }, days => sub { "'{" . join(',', @{ $_[0] }) . "}'" },
    map { my $name = $_; $name => sub { $_[0] } } qw(factor key priority quantity));

sub sql_of
{
    my ($name, $args) = @_;
    if ($name eq 'readings')
    {
        my $rows = join ",\n", map { "('$_->[0]', " . time_of($_->[1]) . ", $_->[2], '$_->[3]')" } @{ $args->{rows} };
        return "CREATE TEMP TABLE loaded (point text, start timestamptz, amount bigint, quality text);\nINSERT INTO loaded VALUES $rows;\n"
            . "SELECT 'refused ' || ord || ' ' || message FROM sg_post_intervals('loaded', replace_with => 'any', accept_spikes => true);\nDROP TABLE loaded;\n";
    }
    return run_sql($args) if $name eq 'run';
    my $correct = $name eq 'sg_post_series' ? '' : ', correct => true';
    return "SELECT FROM $name(" . join(', ', map { ($_ eq 'values' ? '"values"' : $_) . ' => ' . ($argument{$_} // \&quoted)->($args->{$_}) } sort keys %$args) . "$correct);\n";
}

my $LINES = q{SELECT concat_ws('|', participant, side, coalesce(point, ''), extract(epoch FROM lower(period))::bigint, extract(epoch FROM upper(period))::bigint, tariff, component,
    coalesce(tier, 0), coalesce(base, ''), trim_scale(quantity), unit, coalesce(trim_scale(price)::text, ''), coalesce(money::text, ''), CASE WHEN gross THEN 'gross' ELSE 'net' END,
    coalesce(vat_category, ''), coalesce(trim_scale(vat_rate)::text, ''), array_to_string(qualities, ',')) FROM sg_run_lines WHERE run = :run ORDER BY line;};

sub run_sql
{
    my ($args) = @_;
    my $sql = "SELECT sg_settle(tstzrange(" . time_of($args->{from}) . ', ' . time_of($args->{to}) . "), '{" . join(',', @{ $args->{accept} }) . "}') AS run \\gset\n"
        . "\\echo RUN\n$LINES\n\\echo PROBLEMS\n"
        . "SELECT concat_ws('|', problem, coalesce(point, ''), coalesce(participant, ''), coalesce(component, ''), slots, extract(epoch FROM first)::bigint) COLLATE \"C\" AS p FROM sg_run_problems(:run) ORDER BY 1;\n"
        . "\\echo SUMS\nSELECT coalesce(charges::text, 'null'), coalesce(credits::text, 'null'), digest FROM sg_runs WHERE run = :run;\n";
    $sql .= "SELECT EXISTS (SELECT FROM sg_run_lines WHERE run = :run) AS lines \\gset\n\\if :lines\nSELECT 'finalized ' || sg_finalize(:run);\n"
        . "SELECT 'not verified: ' || part FROM sg_verify_run(:run) WHERE NOT ok;\n\\endif\n" if $args->{final};
    return $sql;
}

# What the extension says to a story: the answers to its runs, and what else it said.
sub answers_of
{
    my ($database, $story, $settings) = @_;
    $node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE empty");
    my $sql = "SET client_min_messages = warning;\nSELECT FROM sg_alter_grid('default', energy_scale => $story->{energy_scale}, money_scale => 2, currency => 'EUR');\n"
        . "SELECT FROM sg_set_time_zone('Europe/Berlin');\n" . ($settings // '') . join '', map { sql_of(@$_) } @{ $story->{steps} };
    my ($out, $err);
    $node->psql($database, $sql, stdout => \$out, stderr => \$err, on_error_stop => 0, extra_params => ['-X']);
    my ($rest, @runs) = split /^RUN\n/m, $out =~ s/^\(\d+ rows?\)\n//mgr . "\n";
    my @answers;
    for my $run (@runs)
    {
        my ($lines, $problems, $sums) = split /^(?:PROBLEMS|SUMS)\n/m, $run;
        my ($sum, @said) = grep { /\S/ } split /\n/, $sums // '';
        my $digest = $sum =~ s/\|([0-9a-f]{64})$// ? $1 : '';
        push @answers, { digest => $digest, lines => [grep { /\S/ } split /\n/, $lines], problems => [grep { /\S/ } split /\n/, $problems // ''], sums => $sum, said => \@said };
    }
    return (\@answers, join("\n", grep { /\S/ } split /\n/, $rest) . $err);
}

sub compare
{
    my ($what, $got, $expected) = @_;
    my (%got, %expected);
    $got{$_}++ for @$got;
    $expected{$_}++ for @$expected;
    my @diff = ((map { "- model     $_" } grep { !$got{$_} } @$expected), (map { "+ extension $_" } grep { !$expected{$_} } @$got));
    if (!@diff && join("\n", @$got) ne join("\n", @$expected)) { my ($at) = grep { $got->[$_] ne $expected->[$_] } 0 .. $#$got; @diff = ("another order: model     $expected->[$at]", "another order: extension $got->[$at]"); }
    ok(!@diff, $what) or diag(join "\n", map { s/\b(1[67]\d{8})\b/local_time($1)/ger } sort { substr($a, 12) cmp substr($b, 12) } @diff);
    return !@diff;
}
my %local;
sub local_time { return $local{ $_[0] } //= $node->safe_psql('postgres', "SELECT to_char(to_timestamp($_[0]) AT TIME ZONE 'Europe/Berlin', 'MM-DD\"T\"HH24:MI')") }

sub model_of
{
    my ($story, $name) = @_;
    my $file = $node->basedir . "/$name.json";
    open my $out, '>', $file or die;
    print $out $json->encode($story);
    close $out;
    system('cp', $file, $ENV{SG_SETTLEMENT_KEEP}) if $ENV{SG_SETTLEMENT_KEEP};
    my ($said, $err) = run_command(['python3', '-B', "$FindBin::RealBin/../lib/settlement_model.py", $file]);
    is($err, '', "$name: the model has no complaint");
    return map { $json->decode($_) } split /\n/, $said;
}

# What all runs of a period come to, by what lines are matched by: texts without those that come to 0.
sub money_of
{
    my %sum;
    for my $line (@_)
    {
        my @field = split /\|/, $line, -1;
        $sum{ join '|', @field[0 .. 8, 13 .. 15] } += $field[12] || 0;
    }
    return [map { "$_ $sum{$_}" } grep { $sum{$_} } sort keys %sum];
}

my %RANK = (sg_set_point => 0, sg_end_point => 0, sg_set_share => 2, readings => 3, sg_assign_tariff => 4, sg_unassign_tariff => 4);

# The same up to the first final run, in another order: of points, of readings, of all that does not build on one another.
sub reordered
{
    my ($story) = @_;
    my (@groups, %of_key);
    for my $step (@{ $story->{steps} })
    {
        my ($call, $args) = @$step;
        last if $args->{final};
        next if $call eq 'run';
        my $rank = $RANK{$call} // 1;
        if ($call eq 'readings')
        {
            my @rows = shuffled(@{ $args->{rows} });
            push @{ $groups[$rank]{ 'readings ' . below(1000) } }, ['readings', { rows => [splice @rows, 0, 5000] }] while @rows;
            next;
        }
        my $key = join ' ', $rank == 1 ? $call : (), map { $args->{$_} // () } qw(tariff series point participant);
        push @{ $groups[$rank]{$key} }, $step;
    }
    my @ordered = map { my $group = $_; map { @{ $group->{$_} } } shuffled(sort keys %$group) } grep { $_ } @groups;
    my ($run) = grep { $_->[1]{final} } @{ $story->{steps} };
    return { %$story, steps => [@ordered, $run] };
}

$node->safe_psql('postgres', 'CREATE ROLE office; GRANT smartgrid_operator TO office');
my $lines = 0;
for my $round ($seed .. $seed + $rounds - 1)
{
    $state = $round * 7919;
    below(10) for 1 .. 5;
    my $name = "round$round";
    my $story = make_story();
    my @model = model_of($story, $name);
    my ($answers, $said) = answers_of($name, $story);
    is($said, '', "$name: all is taken");
    is(scalar @$answers, scalar @model, "$name: all runs are made");
    my ($first_final) = grep { $model[$_]{final} } 0 .. $#model;
    my ($again, $complaint) = answers_of("again$round", reordered($story), "SET ROLE office;\nSET timezone = 'Asia/Kathmandu';\nSET datestyle = german;\nSET intervalstyle = sql_standard;\n");
    is($complaint, '', "$name: all is taken in another order");
    like($again->[0]{digest}, qr/^[0-9a-f]{64}$/, "$name: a digest");
    is($again->[0]{digest}, $answers->[$first_final]{digest}, "$name: the digest of another role, another order and another database");
    my (%all_of, %fresh);
    for my $i (grep { $model[$_]{final} && $answers->[$_] } 0 .. $#model)
    {
        push @{ $all_of{ $model[$i]{period} } }, @{ $answers->[$i]{lines} };
        $fresh{ $model[$i]{period} } = $model[$i]{fresh};
    }
    compare("$name: the runs from $_ come to a fresh settlement", money_of(@{ $all_of{$_} }), money_of(@{ $fresh{$_} })) for sort keys %fresh;
    for my $i (0 .. $#model)
    {
        my $answer = $answers->[$i] or last;
        $lines += @{ $model[$i]{lines} };
        compare("$name run $i: lines", $answer->{lines}, $model[$i]{lines});
        compare("$name run $i: problems", $answer->{problems}, $model[$i]{problems});
        is($answer->{sums}, join('|', map { $_ // 'null' } @{ $model[$i] }{qw(charges credits)}), "$name run $i: sums");
        is(join("\n", @{ $answer->{said} }), 'finalized true', "$name run $i: final, and verified") if @{ $answer->{said} };
    }
}
note "$lines lines";
$node->stop;
done_testing();
