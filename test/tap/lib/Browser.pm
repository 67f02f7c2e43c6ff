# Headless Chromium, as whoever runs the test, with a profile that is thrown away.
package Browser;

use strict;
use warnings;
use Exporter 'import';
use IPC::Run ();
use JSON::PP ();
use PostgreSQL::Test::Utils ();

our @EXPORT = qw(browse inspect printed first_pixel);

# Runs Chromium with these options and address; returns its status, what it wrote, and what the page's console said: with
# that the violations of its Content-Security-Policy.
sub browse
{
    my ($address, @options) = @_;
    my ($out, $err) = ('', '');
    my $profile = PostgreSQL::Test::Utils::tempdir();
    # No sandbox of Chromium's own: it needs rights that containers do not give.
    my @command = ('chromium', '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync', '--hide-scrollbars',
        "--user-data-dir=$profile", '--enable-logging=stderr', '--virtual-time-budget=10000', @options, $address);
    IPC::Run::run(\@command, '<', \undef, '>', \$out, '2>', \$err, IPC::Run::timeout(600));
    utf8::decode($out);
    return ($? >> 8, $out, join("\n", grep { /CONSOLE/ } split /\n/, $err));
}

# What a browser makes of pages, each in a window of some width: a hash for each pair [page, width].  Every page is put into
# a frame of another page whose script looks at it, so that its own policy holds for it and not for the script.
sub inspect
{
    my ($pages, @options) = @_;
    my @frames;
    foreach my $page (@$pages)
    {
        my ($html, $width) = @$page;
        $html =~ s/&/&amp;/g;
        $html =~ s/"/&quot;/g;
        push @frames, qq(<iframe width="$width" height="900" srcdoc="$html"></iframe>);
    }
    my $path = PostgreSQL::Test::Utils::tempdir() . '/inspect.html';
    open my $file, '>:utf8', $path or die "$path: $!";
    print $file '<!DOCTYPE html><meta charset="utf-8"><pre id="result"></pre>',
        @frames, "<script>\n", <<'JS', '</script>';
function rgb(color) { const part = color.match(/[\d.]+/g).map(Number); return part[3] === 0 ? null : part.slice(0, 3); }
function luminance(color) {
    const [r, g, b] = color.map(x => x / 255).map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
// As in WCAG 2.
function contrast(view, element) {
    let back = null;
    for (let e = element; e && !back; e = e.parentElement) back = rgb(view.getComputedStyle(e).backgroundColor);
    const style = view.getComputedStyle(element);
    const [a, b] = [luminance(rgb(element.ownerSVGElement ? style.fill : style.color)), luminance(back || [255, 255, 255])];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
// An empty page has nothing that is wrong: what is looked at is there, and whole.
function there(frame) {
    const page = frame.contentDocument;
    return page && page.URL === 'about:srcdoc' && page.readyState === 'complete' && page.body.childElementCount > 0;
}
function look() {
    if (![...document.querySelectorAll('iframe')].every(there)) return setTimeout(look, 50);
    document.getElementById('result').textContent = JSON.stringify([...document.querySelectorAll('iframe')].map(frame => {
        const view = frame.contentWindow, page = view.document;
        const texts = [...page.querySelectorAll('body *')].filter(e => !e.closest('title, desc')
            && [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.data.trim()));
        const worst = texts.map(e => [contrast(view, e), e.outerHTML.slice(0, 100)]).sort((a, b) => a[0] - b[0])[0];
        return {
            width: view.innerWidth, scroll_width: page.documentElement.scrollWidth,
            background: view.getComputedStyle(page.body).backgroundColor,
            fetched: view.performance.getEntriesByType('resource').map(e => e.name), scripts: page.scripts.length,
            headings: [...page.querySelectorAll('h1, h2, h3, h4')].map(e => e.textContent),
            cards: Object.fromEntries([...page.querySelectorAll('.cards li')].map(e => [e.querySelector('b').textContent, e.querySelector('strong').textContent.replace(/\u00a0/g, ' ')])),
            charts: [...page.querySelectorAll('svg.frame')].map(e => Math.round(e.getBoundingClientRect().width)),
            empty_paths: page.querySelectorAll('svg.marks path').length && [...page.querySelectorAll('svg.marks path')].filter(e => e.getAttribute('d') && !e.getTotalLength()).length,
            overlapping: [...page.querySelectorAll('svg.frame')].map(chart => {
                const boxes = [...chart.querySelectorAll('.axis text:not(.y)')].map(e => e.getBoundingClientRect()).filter(b => b.width).sort((a, b) => a.left - b.left);
                return boxes.filter((b, i) => i && b.left < boxes[i - 1].right + 2).length;
            }),
            // Labels of axes that leave their chart, which has the width of its place.
            outside: [...page.querySelectorAll('figure')].map(figure => {
                const place = figure.getBoundingClientRect();
                return [...figure.querySelectorAll('.axis text')].map(e => e.getBoundingClientRect()).filter(b => b.width && (b.left < place.left || b.right > place.right)).length;
            }),
            tables: page.querySelectorAll('table').length,
            // Tables that stick out of their place, which is no wider than the page.
            wide: [...page.querySelectorAll('table')].filter(e => e.getBoundingClientRect().right > e.parentElement.getBoundingClientRect().right + 1)
                .map(e => e.caption.textContent),
            names: [...page.querySelectorAll('bdi')].map(e => e.textContent), bold: [...page.querySelectorAll('b')].map(e => e.textContent),
            contrast: worst,
        };
    }));
}
window.onload = look;
JS
    close $file or die "$path: $!";
    my ($status, $out, $console) = browse("file://$path", '--dump-dom', @options);
    my ($result) = $out =~ m{<pre id="result">(.*?)</pre>}s;
    die "Chromium looked at nothing (exit status $status): $console" unless $result;
    $result =~ s/&lt;/</g;
    $result =~ s/&gt;/>/g;
    $result =~ s/&nbsp;/\x{a0}/g;
    $result =~ s/&amp;/&/g;
    return (JSON::PP->new->decode($result), $console);
}

# A page as it is printed, with everything opened that can be, for inspect(): its rules for print are those for all media, so
# that it is no longer what its policy allows.  An A4 page has 182 mm between its margins.
sub printed
{
    my ($html) = @_;
    $html =~ s/<meta http-equiv="Content-Security-Policy"[^>]*>// or die 'no policy';
    $html =~ s/\@media print \{/\@media all {/ or die 'no rules for print';
    $html =~ s/<details>/<details open="">/g;
    return [ $html, int(182 / 25.4 * 96) ];
}

# Width, height and the colour at the upper left corner of a PNG file (8 bits, no interlacing: what Chromium writes).
sub first_pixel
{
    my ($path) = @_;
    require Compress::Zlib;
    open my $file, '<:raw', $path or die "$path: $!";
    my $png = do { local $/; <$file> };
    close $file;
    my ($width, $height) = unpack 'x16 NN', $png;
    my ($data, $at) = ('', 8);
    while ($at < length $png)
    {
        my ($length, $type) = unpack "x$at N a4", $png;
        $data .= substr $png, $at + 8, $length if $type eq 'IDAT';
        $at += $length + 12;
    }
    # Before the first pixel is the filter of its line: each of them leaves it as it is.
    return ($width, $height, join ',', unpack 'x C3', Compress::Zlib::uncompress($data));
}

1;
