#!/usr/bin/perl
# Every form that the console and the participants' pages show is found by
# walking them, and each field of it is given what attackers give: markup for
# every context, SQL, bytes that are no text, far too much. Nothing of it may
# run on any page, break a statement or be stored by half.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use utf8;
use Encode ();
use Test::More;
use Kuji::Admin;
use Kuji::Page;
use Kuji::Routes;
use Kuji::Siege;
use Kuji::Source qw(c_files slurp);
use Kuji::Test;
use Kuji::World;

my $long  = q{';--\\%_"><img src=x onerror=__xss=1></textarea></title><script>__xss=1</script>{{{title}}}};
my $short = q{'"><xss onload=__xss=1>};
my $world = Kuji::World->new;
my %page  = $world->pages;
my @forms = forms_of($world, %page);
# Of one method only, and not looked at for the others; a list of which each
# line is told about.
my %unasked = map { $_ => 1 } qw(odds_total sold_out blanks alternates codes to goods goods_en price currency gives);

# An answer is a page (or a redirect) in which nothing runs; what is wrong
# with it comes back.
sub wrong_with {
    my ($r, $what) = @_;
    my @wrong;
    push @wrong, "status $r->{status}" if $r->{status} >= 500 || $r->{status} < 200;
    push @wrong, 'no text' if !defined $r->{text};
    push @wrong, 'SQL shows' if ($r->{text} // '') =~ /SQLSTATE|syntax error|ERROR:|pg_|libpq/;
    push @wrong, Kuji::Page->new($r->{text})->live if ($r->{headers}{'content-type'} // '') =~ /html/;
    push @wrong, 'a header of theirs' if grep { /^x-evil$/i } keys %{ $r->{headers} };
    return map { "$what: $_" } @wrong;
}

# How many changes were made by anybody, ever.
sub changes { return sql('SELECT count(*) FROM kuji.audit') }
sub last_changes { return join "\n", sql('SELECT action, object, detail FROM kuji.audit ORDER BY at DESC LIMIT 3') }

is_deeply [ map { $_->{route} } grep { $_->{route} =~ /^none/ } @forms ], [], 'every form is a route\'s';
is_deeply [ map { my $p = $_; map { "$p: $_" } $page{$p}{page}->live } sort keys %page ], [], 'nothing runs before';
cmp_ok scalar(keys %page), '>', 100, 'pages were found: ' . keys %page;

# ---- bytes that are no text, in every field; and far too much ----

for my $form (@forms) {
    my $fresh = renew($form) // next;
    my $honest = honest($fresh, $form->{action});
    my $before = changes();
    my (@wrong, $i);
    for my $name (map { $_->{name} } @{ $fresh->{fields} }) {
        my $bytes = ('%00', '%ff', '%c0%af', '%ed%a0%80', '%f4%90%80%80', '%', '%zz')[ $i++ % 7 ];
        my %rest  = %$honest;
        delete $rest{$name};
        my $r = post($form, %rest, _raw => Kuji::Form::_escape($name) . "=a${bytes}b");
        push @wrong, "$name=$bytes: $r->{status}" if $r->{status} !~ /^(?:400|422)$/;
        push @wrong, wrong_with($r, $name);
    }
    # Boxes are ticked by any value, and a choice that is none is no choice.
    for my $field (grep { $_->{type} !~ /^(?:checkbox|hidden)$/ && !$unasked{ $_->{name} } } @{ $fresh->{fields} }) {
        my $r = post($form, %$honest, $field->{name} => 'あ' x 70_000);
        push @wrong, "$field->{name}, too long: $r->{status}" if $r->{status} !~ /^4/ && $r->{status} != 200;
        push @wrong, wrong_with($r, "$field->{name}, too long");
    }
    is_deeply \@wrong, [], "$form->{route}: no text, no change (" . join(' ', map { $_->{name} } @{ $fresh->{fields} }) . ')';
    is changes(), $before, 'really none' or diag last_changes();
}

# ---- markup and SQL ----

my (%kept, %asked);

# Numbers, choices and what is hidden: refused, or not looked at.
sub try_fixed {
    my ($form, @names) = @_;
    my @wrong;
    for my $field (@names) {
        my $fresh = renew($form) // last;
        my $r = post($form, %{ honest($fresh, $form->{action}) }, $field->{name} => $long);
        $asked{ $form->{route} }++;
        push @wrong, wrong_with($r, $field->{name});
        push @wrong, "$field->{name}: taken" if $r->{status} < 400 && $field->{type} =~ /^(?:hidden|select|radio)$/
            && $field->{name} !~ /^(?:username|from|back|everywhere|key)$/ && !$unasked{ $field->{name} }
            && "$form->{route} $field->{name}" ne '/admin/campaigns version';
    }
    return @wrong;
}

sub attack {
    my ($form) = @_;
    # Where another owner is there, one may end one's own account: the attacker's.
    return if $form->{action} =~ m{/accounts/$world->{owner}{id}/(?:disable|remove)$};
    my $fresh = renew($form) // return;
    my %free  = map { $_->{name} => 1 } free_fields($fresh);
    my @fixed = grep { !$free{ $_->{name} } } @{ $fresh->{fields} };
    my @wrong = try_fixed($form, grep { $_->{type} ne 'checkbox' && $form->{route} !~ m{/logout$} } @fixed);
    for my $try (volley($form, $long, $short)) {
        my ($r, $names) = @$try{qw(r names)};
        push @wrong, wrong_with($r, "@$names");
        $asked{ $form->{route} }++;
        next if $r->{status} >= 400;
        $kept{"$form->{route} $_"} = 1 for @$names;
        push @wrong, wrong_with($form->{who}->get($r->{headers}{location}), 'afterwards') if $r->{status} == 303;
    }
    # A box is ticked by any value.
    push @wrong, try_fixed($form, grep { $_->{type} eq 'checkbox' } @fixed);
    return is_deeply \@wrong, [], "$form->{route}: " . join ' ', sort keys %free;
}

# A form that no page shows as things are: its address, with the names of all
# fields that any handler asks for.
sub blind {
    my ($route) = @_;
    my %value = (slug => $world->{slug}{live}, n => 1, id => $world->{guest}{id}, name => 'A');
    my $form  = { action => $route =~ s/\{(\w+)\}/$value{$1}/gr,
        who => $route =~ m{^/admin} ? $world->{owner} : $world->{winner}{live} };
    my %names = map { $_ => 1 } map { slurp($_) =~ /kuji_\w+_?(?:get|field|text|int|choice|optional)\([^;"]*"(\w+)"/g }
        grep { m{^web/} } c_files();
    my @wrong = wrong_with(post($form, map { $_ => $long } keys %names), 'all');
    for my $name (sort keys %names) {
        push @wrong, wrong_with(post($form, $name => $long), $name), wrong_with(post($form, _raw => "$name=a%ffb"), $name);
    }
    return @wrong;
}

# No form's words are signed by LINE.
expect_log(qr/KJ0602/);
# What is paused has a form that resumes it: those that came meanwhile, too.
attack($_) for @forms;
my $owner = $world->{owner};
# Wrong passwords of the account's own form are counted like the door's.
sub log_in_again { sql('DELETE FROM kuji.login_try'); return $owner->log_in }
log_in_again();
my %seen = map { $_->{route} => 1 } @forms;
attack($_) for grep { !$seen{ $_->{route} }++ } forms_of($world, $world->pages);
log_in_again();
my %exempt = ('/admin/images' => 'takes raw bytes: images.t', '/admin/login' => 'attacks_door.t');
for my $route (grep { $_->{method} eq 'POST' && !$exempt{ $_->{path} } } admin_routes(), participant_routes()) {
    next if $asked{ $route->{path} };
    is_deeply [ blind($route->{path}) ], [], "$route->{path}: on no page as things are, attacked all the same";
}
cmp_ok scalar(keys %asked), '>=', 40, 'forms were found and attacked: ' . keys %asked;
cmp_ok scalar(keys %kept), '>=', 40, 'fields that kept what they were given: ' . keys %kept;
note join "\n", sort keys %kept;

# ---- what only asks: filters and searches ----

my (%form, @wrong);
for my $path (sort keys %page) {
    for my $form (grep { $_->{method} eq 'GET' } $page{$path}{page}->forms) {
        my $action = length($form->{action} // '') ? $form->{action} : $path =~ s/\?.*//r;
        my $kind   = join ' ', $action =~ s/\bc-[\d-]+/{slug}/r, sort map { $_->{name} } @{ $form->{fields} };
        next if $form{$kind}++;
        for my $name (map { $_->{name} } @{ $form->{fields} }) {
            for my $value (map({ Kuji::Form::_escape($_) } $long, "' OR '1'='1", '1;SELECT 1', '\\', '%', '-1', '9' x 40, '2026-02-30'),
                '%00', '%ff', '%c0%af', '%', 'x' x 7000)
            {
                my $r = $owner->get("$action?$name=$value");
                push @wrong, wrong_with($r, "$action?$name=" . substr $value, 0, 20);
            }
        }
    }
}
is_deeply \@wrong, [], 'filters: ' . join ', ', sort keys %form;
cmp_ok scalar(keys %form), '>=', 8, 'there are some';
for my $sign ('%25', '_', '%5c', "'") {
    my $all = () = $owner->get('/admin/campaigns')->{text} =~ /class="cell-name"/g;
    my $some = () = $owner->get("/admin/campaigns?q=q${sign}zq")->{text} =~ /class="cell-name"/g;
    is $some, 0, "'$sign' in a search is that sign, not any of $all";
    my $plain = $sign =~ s/%(..)/chr hex $1/er;
    unlike $owner->send('/admin/people', q => "q${plain}zq")->{text}, qr{href="/admin/people/c-},
        'also where people are looked for';
}

# ---- by the API: what no form has ----

my %names = map { $_ => $long } qw(name name_en grade description description_en);
my %texts = map { $_ => $long } qw(lead description button win lose rules consent organiser contact);
my $api = campaign({ title => substr($long, 0, 100), texts => { ja => \%texts, en => \%texts },
    privacy => { purpose => $long, purpose_en => $long, retention_days => 9 }, odds_total => 1,
    prizes => [ { code => 'A', %names, kind => 'coupon', units => 9, weight => 1 } ] });
$world->{slug}{api} = $api;
is draw($api, participant => $long)->{status}, 201, 'a participant of that name';
is draw($api, key => substr($long =~ s/ /_/gr, 0, 64))->{status}, 201, 'a key';
$world->{winner}{api} = Kuji::Winner::winner($api);
like request('POST', "/api/v1/campaigns/$api/close", token => 'first', json => { reason => $long })->{status}, qr/^4/,
    'a reason is one of ours';
for my $field (qw(participant code)) {
    my $r = request('POST', "/api/v1/campaigns/$api/draws", token => 'first', headers => { 'Idempotency-Key' => unique('k') },
        body => qq({"participant":"x","$field":"a\xffb"}), headers => { 'Content-Type' => 'application/json',
        'Idempotency-Key' => unique('k') });
    is $r->{status}, 400, "$field that is no text";
}

# ---- and after all that, every page again ----

%page = $world->pages;
my ($shown, @live) = (0);
for my $path (sort keys %page) {
    my $html = $page{$path}{html} // '';
    push @live, map { "$path: $_" } $page{$path}{page}->live;
    push @live, "$path: as it was typed" if $html =~ /<img src=x|<xss|<script>__xss/;
    push @live, "$path: $page{$path}{status}" if $page{$path}{status} >= 500;
    $shown++ if $page{$path}{page}->text =~ /__xss|img src=x/ || $html =~ /&lt;img src=x/;
}
is_deeply \@live, [], 'nothing runs on any of ' . keys %page;
cmp_ok $shown, '>', 15, "and it is there, as text: on $shown pages";
for my $path ("/api/v1/campaigns/$api", "/k/$api/manifest.json", "/k/$api/ledger.jsonl") {
    my $r = request('GET', $path, token => 'first');
    like $r->{headers}{'content-type'}, qr{^application/(?:json|jsonl)\b}, "$path is no page";
    is $r->{headers}{'x-content-type-options'}, 'nosniff', 'nor taken for one';
}
# Problems repeat nothing of the path.
my $probe = Kuji::Admin->nobody;
for my $path ('/admin/<script>__xss=1</script>', '/k/"><img src=x onerror=__xss=1>', '/<img src=x onerror=__xss=1>',
    '/admin/campaigns/%22%3E%3Cimg%20src=x%20onerror=__xss=1%3E') {
    my $r = $probe->get($path =~ s/([<> "])/sprintf '%%%02X', ord $1/ger);
    is_deeply [ wrong_with($r, $path) ], [], "$path: a problem page";
    unlike $r->{content}, qr/__xss/, 'that does not repeat it';
}
is sql("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'kuji' AND table_name IN ('draw', 'claim')"),
    2, 'the tables are where they were';

done_testing;
