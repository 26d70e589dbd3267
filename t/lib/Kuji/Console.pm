# Looking at the console's campaign pages and at what they did.
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::Console;

use strict;
use warnings;
use Encode ();
use Exporter 'import';
use Kuji::Test ();

our @EXPORT = qw(audit config_row fields row_of version_of);

my %entity = (amp => '&', lt => '<', gt => '>', quot => '"', '#39' => "'");

sub _plain {
    my ($text) = @_;
    $text =~ s/&(amp|lt|gt|quot|#39);/$entity{$1}/g;
    return $text;
}

# The fields of the page's form for that address, as a browser would send them
# untouched: what is disabled is not sent, of radio buttons the chosen one is.
# Boxes of one name are one array reference.
sub fields {
    my ($html, $action) = @_;
    my ($form) = $html =~ m{<form[^>]*action="\Q$action\E"[^>]*>(.*?)</form>}s
        or die "no form for $action";
    $form =~ s{<fieldset[^>]* disabled.*?</fieldset>}{}gs;
    my %f;
    while ($form =~ /<input([^>]*)>/g) {
        my $tag = $1;
        next if $tag =~ / disabled|type="(?:file|submit|button)"/;
        my ($name)  = $tag =~ /\bname="([^"]*)"/ or next;
        my ($value) = $tag =~ /\bvalue="([^"]*)"/;
        if ($tag =~ /type="checkbox"/) {
            next if $tag !~ / checked/;
            push @{ $f{$name} }, _plain($value);
        }
        elsif ($tag !~ /type="radio"/ || $tag =~ / checked/) {
            $f{$name} = _plain($value // '');
        }
    }
    while ($form =~ m{<textarea([^>]*)>\n?(.*?)</textarea>}gs) {
        my ($tag, $text) = ($1, $2);
        next if $tag =~ / disabled/;
        my ($name) = $tag =~ /\bname="([^"]*)"/ or next;
        $f{$name} = _plain($text);
    }
    while ($form =~ m{<select([^>]*)>(.*?)</select>}gs) {
        my ($tag, $options) = ($1, $2);
        next if $tag =~ / disabled/;
        my ($name)  = $tag =~ /\bname="([^"]*)"/ or next;
        my ($value) = $options =~ /value="([^"]*)" selected/;
        ($value) = $options =~ /value="([^"]*)"/ if !defined $value;
        $f{$name} = _plain($value // '');
    }
    return %f;
}

# The table's row that leads to that campaign.
sub row_of {
    my ($html, $slug) = @_;
    my ($row) = grep { m{/admin/campaigns/\Q$slug\E"} } $html =~ m{(<tr>.*?</tr>)}gs;
    return $row // '';
}

sub config_row {
    my ($slug, $columns) = @_;
    return Encode::decode('UTF-8', join "\n", Kuji::Test::sql("SELECT $columns
        FROM kuji.campaign_config f JOIN kuji.campaign c ON c.id = f.campaign_id
        WHERE c.slug = '$slug'"));
}

sub version_of {
    my ($slug) = @_;
    return Kuji::Test::sql("SELECT version FROM kuji.campaign WHERE slug = '$slug'");
}

# The newest audit row of that kind on the campaign: its detail.
sub audit {
    my ($slug, $action) = @_;
    return Encode::decode('UTF-8', Kuji::Test::sql("SELECT a.detail FROM kuji.audit a
        JOIN kuji.campaign c ON a.object = 'campaign:' || c.uuid
        WHERE c.slug = '$slug' AND a.action = '$action' ORDER BY a.seq DESC LIMIT 1") // '');
}

1;
