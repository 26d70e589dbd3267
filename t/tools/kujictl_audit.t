#!/usr/bin/perl
# kujictl audit: a whole chain, and each way of breaking it.
#
# SPDX-License-Identifier: Apache-2.0
use strict;
use warnings;
use Test::More;
use Kuji::Ctl;
use Kuji::CtlCampaign qw(no_database);
use Kuji::Test qw(sql unique);

my $name = unique('audited');
works('a tenant', qw(tenant create), $name, "$name.test", 'Audited');
works('a token', qw(token create), $name, $_, qw(--scopes read)) for 1 .. 3;
my ($id) = sql("SELECT id FROM kuji.tenant WHERE name = '$name'");
my ($head) = sql("SELECT encode(hash, 'hex') FROM kuji.audit WHERE tenant_id = '$id' ORDER BY seq DESC LIMIT 1");
is works("verify", qw(audit verify), $name), "4 entries\nhead $head", 'whole, with its head';
{
    local $ENV{KUJI_KEYFILE} = '/nowhere';
    is works('verify without keys', qw(audit verify), $name), "4 entries\nhead $head", 'needs no keys';
}

# As a superuser, whom no privilege stops.
for my $case (
    [ "UPDATE kuji.audit SET actor = 'x' WHERE tenant_id = '$id' AND seq = 2", 2 ],
    [ "UPDATE kuji.audit SET address = '192.0.2.1' WHERE tenant_id = '$id' AND seq = 3", 3 ],
    [ "UPDATE kuji.audit SET detail = '{}' WHERE tenant_id = '$id' AND seq = 4", 4 ],
    [ "DELETE FROM kuji.audit WHERE tenant_id = '$id' AND seq = 2", 3 ],
    [ "DELETE FROM kuji.audit WHERE tenant_id = '$id' AND seq = 1", 2 ])
{
    my ($change, $broken) = @$case;
    sql("CREATE TABLE kept AS SELECT * FROM kuji.audit WHERE tenant_id = '$id'");
    sql($change);
    refused($change, 1, qr/entry $broken does not follow/, qw(audit verify), $name);
    sql("DELETE FROM kuji.audit WHERE tenant_id = '$id'; ALTER TABLE kuji.audit DISABLE TRIGGER audit_chain;
        INSERT INTO kuji.audit SELECT * FROM kept; ALTER TABLE kuji.audit ENABLE TRIGGER audit_chain; DROP TABLE kept");
    like works('mended', qw(audit verify), $name), qr/^4 entries/, 'whole again';
}

refused('no such tenant', 1, qr/no tenant/, qw(audit verify nobody));
refused('too few words', 2, qr/./, qw(audit verify));
no_database('audit', 'verify', $name);
everything_tried('audit ');
done_testing;
