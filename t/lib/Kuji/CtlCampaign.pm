# A campaign under kujictl's hands: made from a CONFIG, looked up in the
# database, each printed leaf compared with the ledger and the audit log.
#
# SPDX-License-Identifier: Apache-2.0
package Kuji::CtlCampaign;

use strict;
use warnings;
use Exporter 'import';
use JSON::PP ();
use Kuji::Campaign qw(config_of);
use Kuji::Ctl;
use Kuji::Test qw(site_url sql unique);
use Kuji::Vectors qw(verify);
use Test::More;

our @EXPORT = qw(config_file holds leaf ledger_size make no_database row state_of);

my $json = JSON::PP->new->utf8->canonical;

# The name of a file with a CONFIG, good until the next one.
sub config_file {
    my ($given, $slug) = @_;
    return put("$ENV{KUJI_SCRATCH}/kujictl-$$.json", $json->encode(config_of($given, $slug)));
}

END { unlink "$ENV{KUJI_SCRATCH}/kujictl-$$.json" }

# A campaign of the first site and its slug; draft: unpublished.
sub make {
    my ($given, $draft) = @_;
    my $slug = unique('ctl');
    works("create $slug", qw(campaign create first), config_file($given, $slug));
    works("publish $slug", qw(campaign publish first), $slug) unless $draft;
    return $slug;
}

# What `campaign show` says.
sub state_of {
    my ($slug) = @_;
    return $json->decode(works("show $slug", qw(campaign show first), $slug));
}

# Columns of its row c, and of what is joined to it.
sub row {
    my ($slug, $columns, $more) = @_;
    return join "\n", sql("SELECT $columns FROM kuji.campaign c "
        . ($more // '') . " WHERE c.slug = '$slug'");
}

# Its leaves as counted and as noted.
sub ledger_size {
    my ($slug) = @_;
    return row($slug, 'count(l.i), min(c.size)',
        'JOIN kuji.ledger l ON l.campaign_id = c.id');
}

# A command that prints a leaf, which is the ledger's last.
sub leaf {
    my ($kind, $slug, @words) = @_;
    my $leaf = works("$kind $slug", @words);
    is row($slug, 'l.leaf', 'JOIN kuji.ledger l ON l.campaign_id = c.id AND l.i = c.size - 1'),
        $leaf, "$kind: its leaf is in the ledger";
    is row($slug, "a.action, a.actor, a.detail ->> 'note'", 'JOIN kuji.audit a ON '
            . "a.object = 'campaign:' || c.uuid AND (a.detail ->> 'leaf')::int = c.size - 1"),
        "campaign.$kind|kujictl|" . ("@words" =~ /--note (.*)/ ? $1 : ''),
        "$kind: and in the audit log";
    my $said = $json->decode($leaf);
    is $said->{kind}, $kind, "$kind: says so";
    ok !exists $said->{note}, "$kind: no note in public";
    return $said;
}

# kuji-verify reads it from its page and says $want.
sub holds {
    my ($slug, $want) = @_;
    my ($status, $output, $error) = verify(site_url('first') . "/k/$slug");
    is "$status$error", '0', "kuji-verify $slug";
    like $output, $want, "kuji-verify $slug: says what it saw";
    return;
}

# Without a database a command says so and has done nothing.
sub no_database {
    my (@words) = @_;
    my @nowhere = ('--database', "host=$ENV{KUJI_SCRATCH}/none dbname=kuji user=kuji_web");
    refused("without a database: @words[0, 1]", 1, qr/cannot connect/, @nowhere, @words);
    return;
}

1;
