<?php
// Peer c: the prize draw as it is written every day. A persistent connection, a
// transaction a draw, the hot row locked by SELECT ... FOR UPDATE.
//
// SPDX-License-Identifier: Apache-2.0
const WEIGHTS = ['A' => 30, 'B' => 2000, 'C' => 50000, 'D' => 300000]; // of a million

function answer(int $status, array $doc): never
{
    http_response_code($status);
    header('Content-Type: application/json');
    echo json_encode($doc, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE);
    exit;
}

function pick(): ?string
{
    $v = random_int(0, 999999);
    foreach (WEIGHTS as $code => $weight) {
        if ($v < $weight) {
            return $code;
        }
        $v -= $weight;
    }
    return null;
}

$auth = $_SERVER['HTTP_AUTHORIZATION'] ?? '';
if (!str_starts_with($auth, 'Bearer ')
    || !hash_equals(getenv('TOKEN_DIGEST'), hash('sha256', substr($auth, 7)))) {
    answer(401, ['title' => 'unauthorised']);
}
$key = $_SERVER['HTTP_IDEMPOTENCY_KEY'] ?? '';
$in = json_decode(file_get_contents('php://input'), true);
$participant = $in['participant'] ?? '';
if (!preg_match('/^[!-~]{1,64}$/', $key) || !is_string($participant)
    || $participant === '' || strlen($participant) > 128) {
    answer(400, ['title' => 'bad-request']);
}

// Emulated prepares send one message a statement: the faster way in PHP, where
// a prepared statement does not outlive its request.
$db = new PDO(getenv('DSN'), 'postgres', '', [
    PDO::ATTR_PERSISTENT => true,
    PDO::ATTR_EMULATE_PREPARES => true,
    PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
]);
$status = 201;
$db->beginTransaction();
try {
    $n = $db->query('SELECT next_n FROM campaign WHERE id = 1 FOR UPDATE')
        ->fetchColumn();
    $before = $db->prepare('SELECT n, prize, t FROM draw WHERE campaign_id = 1 AND key = ?');
    $before->execute([$key]);
    if ($row = $before->fetch(PDO::FETCH_ASSOC)) {
        [$n, $code, $t, $status] = [$row['n'], $row['prize'], (int)$row['t'], 200];
    } else {
        $code = pick();
        $t = (int)(microtime(true) * 1000);
        if ($code !== null) {
            $take = $db->prepare('UPDATE prize SET units_left = units_left - 1'
                . ' WHERE campaign_id = 1 AND code = ? AND units_left > 0');
            $take->execute([$code]);
            $code = $take->rowCount() === 1 ? $code : null;
        }
        $db->prepare('INSERT INTO draw VALUES (1, ?, ?, ?, ?, ?)')
            ->execute([$n, $key, $participant, $code, $t]);
        $db->exec('UPDATE campaign SET next_n = next_n + 1 WHERE id = 1');
    }
    $db->commit();
} catch (Throwable $e) {
    $db->rollBack();
    error_log($e->getMessage());
    answer(503, ['title' => 'busy']);
}

$salt = random_bytes(16);
$leaf = ['i' => (int)$n, 'kind' => 'draw', 'n' => (int)$n, 'prize' => $code,
    't' => $t, 'who' => hash('sha256', $salt . $participant)];
answer($status, [
    'campaign' => 'hot',
    'draws' => [[
        'n' => (int)$n, 't' => $t, 'outcome' => $code === null ? 'blank' : 'prize',
        'prize' => $code === null ? null : ['code' => $code, 'name' => '割引券'],
        'receipt' => ['leaf' => json_encode($leaf), 'index' => (int)$n,
            'salt' => bin2hex($salt)],
    ]],
    'checkpoint' => getenv('CHECKPOINT'),
]);
